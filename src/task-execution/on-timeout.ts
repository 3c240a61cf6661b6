/** What becomes of an execution that has not ended in time. */
export enum OnTimeout {
  /** It is cancelled, and the deployment fails. An execution of somebody else, to which the start was attached, is left alone. */
  CANCEL = 'CANCEL',

  /** It goes on running, and so does the deployment: the attributes are those of then. What becomes of it does not affect the deployment. */
  CONTINUE = 'CONTINUE',
}
