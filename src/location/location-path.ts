import { parentRemedy } from '../private/place';
import { checkText } from '../validation/checks';
import type { Problems } from '../validation/problems';

const CHARACTERS = /^[a-zA-Z0-9_\-+./()$\p{Zs}]+$/u;
const WITHOUT_DOLLAR = /^[a-zA-Z0-9_\-+./()\p{Zs}]+$/u;

/** A folder of a file system or on a server. */
export function checkPath(problems: Problems, subdirectory: string | undefined, emptyRemedy: string, { dollar = true, max = 4096 } = {}): void {
  const pattern = dollar ? CHARACTERS : WITHOUT_DOLLAR;
  checkText(problems, 'subdirectory', subdirectory, {
    max,
    pattern,
    says: `may only contain letters and digits of ASCII, spaces and _ - + . / ( )${dollar ? ' $' : ''}`,
    remedy: parentRemedy('subdirectory', subdirectory ?? '', pattern),
    emptyRemedy,
  });
}

export const ROOT_REMEDY = 'leave it out for the root';
