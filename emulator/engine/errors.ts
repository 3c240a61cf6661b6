export const OVERLAP = 'LocationsOverlap';

/** The whole location cannot be used: the run ends at once. */
export class LocationError extends Error {
  public readonly name = 'LocationError';
}

/** The whole run cannot go on: it ends at once, with this code and text. */
export class FatalError extends Error {
  public readonly name = 'FatalError';

  constructor(public readonly code: string, message: string) {
    super(message);
  }
}

/** A listing has met, at `path`, the folder of the other location. */
export function overlapError(path: string): FatalError {
  return new FatalError(OVERLAP, `${path} is the folder of the other location; the two must be apart.`);
}

/** What went wrong. Of a failed system call without its paths: items have their own, and nobody needs those of working folders. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { syscall } = error as NodeJS.ErrnoException;
  const [text] = syscall === undefined ? [error.message] : error.message.split(`, ${syscall} '`);
  return text || error.name;
}

/** The code of a failed system call (`ENOENT`), undefined for other errors. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

/** A short name for an error: of the system call or of the store that failed, undefined for others. */
export function errorName(error: unknown): string | undefined {
  const { name, $metadata } = (error ?? {}) as { name?: string; $metadata?: object };
  return codeOf(error) ?? ($metadata && name);
}
