/** What becomes of the deletion of a stack when the run before it does not succeed. */
export enum OnDeleteFailure {
  /**
   * The deletion fails with the reason, and nothing that the run needs is deleted. Deleting the stack again goes on waiting for a run that has not ended, and starts another
   * one after one that has failed.
   */
  BLOCK = 'BLOCK',

  /** The deletion goes on. A run that has not ended by then is cancelled. The log of the function has the reason. */
  IGNORE = 'IGNORE',
}
