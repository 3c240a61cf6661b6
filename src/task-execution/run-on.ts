/** Which deployments start the task. */
export enum RunOn {
  /** The first one: the one that creates the `TaskExecution`. */
  CREATE = 'CREATE',

  /**
   * The first one, and each one that changes the `TaskExecution`, or the task or one of its locations as far as this app defines
   * them. Tags of the task and its locations do not count: they do not change what is transferred.
   */
  CHANGE = 'CHANGE',

  /** Each one. Every synthesis then makes a template that differs. */
  EVERY_DEPLOYMENT = 'EVERY_DEPLOYMENT',
}
