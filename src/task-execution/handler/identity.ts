/** Who asks for an execution, and for which one. All but the time become tags of the execution. */
export interface Identity {
  /** Stack and logical id, or the schedule. */
  readonly owner: string;
  /** One start, however often it is delivered. */
  readonly request: string;
  /** Milliseconds since the epoch: no execution that started earlier can be this request's. */
  readonly notBefore: number;
  /** What is to be transferred (see `TAG_VALUES`); only on deploy. */
  readonly values?: string;
  /** What else it is for; not with a Create or an Update (see `TAG_PURPOSE`). */
  readonly purpose?: string;
}

/** The clocks of two services need not agree to the second. */
export const CLOCK_SKEW_MS = 2 * 60_000;
