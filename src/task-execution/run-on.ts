/** Which deployments start the task. */
export enum RunOn {
  /** The first one: the one that creates the `TaskExecution`. */
  CREATE = 'CREATE',

  /**
   * The first one, and each one that changes what is transferred: overridden options and filters, the options, filters, mode and
   * manifest of the task, the place that a location names, or one of the `triggers`.
   *
   * The values count as CloudFormation resolves them, so another value of a parameter does, and another construct id does not. Names, tags,
   * roles, agents, networks, logs, schedules, reports, queueing and bandwidth do not count.
   *
   * Of a task or location in another stack of the app only literal values count, and of one that the app does not define only its ARN: name
   * what else should count in `triggers`.
   */
  CHANGE = 'CHANGE',

  /** Each one. Every synthesis then makes a template that differs. */
  EVERY_DEPLOYMENT = 'EVERY_DEPLOYMENT',
}
