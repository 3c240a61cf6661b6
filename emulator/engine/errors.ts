/** The whole location cannot be used: the run ends at once. */
export class LocationError extends Error {
  public readonly name = 'LocationError';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

/** The code of a failed system call (`ENOENT`), undefined for other errors. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}
