import { parentRemedy } from '../private/place';
import { checkText } from '../validation/checks';
import type { Problems } from '../validation/problems';

const CHARACTERS = /^[a-zA-Z0-9_\-+./()$\p{Zs}]+$/u;
const WITHOUT_DOLLAR = /^[a-zA-Z0-9_\-+./()\p{Zs}]+$/u;

export interface PathRule {
  /** Whether it may have a dollar sign. */
  readonly dollar?: boolean;
  readonly max?: number;
  /** Whether the service needs it. */
  readonly required?: boolean;
  /** What to do about the first folder of one that the root cannot stand for. */
  readonly firstRemedy?: string;
}

/** A folder of a file system or on a server. */
export function checkPath(
  problems: Problems, subdirectory: string | undefined, emptyRemedy: string, { dollar = true, max = 4096, required, firstRemedy }: PathRule = {},
): void {
  const pattern = dollar ? CHARACTERS : WITHOUT_DOLLAR;
  const [, first = ''] = /^\/*([^/]*)/.exec(subdirectory ?? '') ?? [];
  checkText(problems, 'subdirectory', subdirectory, {
    required,
    max,
    pattern,
    says: `may only contain letters and digits of ASCII, spaces and _ - + . / ( )${dollar ? ' $' : ''}`,
    remedy: subdirectory === undefined ? emptyRemedy
      : firstRemedy !== undefined && first !== '' && !pattern.test(first) ? firstRemedy : parentRemedy('subdirectory', subdirectory, pattern),
    emptyRemedy,
  });
}

export const ROOT_REMEDY = 'leave it out for the root';
