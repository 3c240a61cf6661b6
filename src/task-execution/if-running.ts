/**
 * What to do when a task that is to be started is running already, started by somebody else: by hand, by a schedule, or by another start.
 * On deploy, the previous execution of the same `TaskExecution` does not count: the new one supersedes it, whatever is chosen here.
 */
export enum IfRunning {
  /**
   * Let the service queue the execution. The service refuses one with the same filters as one that is waiting (whether also as one that
   * runs is not known), and one of a task with TaskQueueing.DISABLED. A refusal fails the start at once, and names what is in the way.
   */
  QUEUE = 'QUEUE',

  /**
   * Take the execution in progress for this one, if its options, filters, manifest and mode are those asked for; otherwise start one as
   * with `QUEUE`. It is never cancelled on behalf of this one. After a change of a location, only one that started since is taken.
   */
  ATTACH = 'ATTACH',

  /**
   * Wait until all of it has ended, then start: 10 minutes at most on deploy, with any `completion`, and 2 on schedule. Then the start fails, and
   * names what still runs. What somebody starts in the meantime is waited for as well, within the same time.
   */
  WAIT = 'WAIT',

  /**
   * Start nothing, and fail. The start itself is sent with TaskQueueing.DISABLED, so that it fails also when something starts in the same
   * moment or the agent is busy.
   */
  FAIL = 'FAIL',
}
