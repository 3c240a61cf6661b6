/** When a `TaskExecution` counts as done, so that the deployment goes on. */
export class Completion {
  /** As soon as the service has accepted the start. What becomes of the execution does not affect the deployment. */
  public static started(): Completion {
    return new Completion();
  }

  private constructor() {}

  /**
   * Whether what depends on the execution comes after its end.
   *
   * @internal
   */
  public get _waitsForEnd(): boolean {
    return false;
  }
}
