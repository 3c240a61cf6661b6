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

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
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
