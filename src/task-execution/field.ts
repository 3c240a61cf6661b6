/**
 * A field of one of CloudFormation's resource types that counts as a change.
 *
 * @internal
 */

/** How two values of a field are compared, other than as texts. */
export type FieldForm =
  /** A path: slashes at its ends say nothing. */
  | 'subdirectory'
  /** A list of filter rules: a set of patterns. */
  | 'patterns'
  /** A list whose order says nothing. */
  | 'set'
  /** The name of the one member that is set; what is in it does not count and may be secret. */
  | 'member';

export interface Field {
  /** Where it stands in the properties of the resource, such as `Options.VerifyMode`. */
  readonly path: string;
  /** First version of the list that has it. */
  readonly since: number;
  readonly form?: FieldForm;
  /** What the service takes when nothing is said, if that depends on nothing else. */
  readonly default?: string;
  /** Counts at this side of a transfer only. */
  readonly side?: 'Source' | 'Destination';
  /** Is carried because another field's default depends on it, and does not count itself. */
  readonly auxiliary?: true;
}

export function field(path: string, more: Partial<Field> = {}): Field {
  return { path, since: 1, ...more };
}
