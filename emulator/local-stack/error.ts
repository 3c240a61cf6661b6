/** Something that the person at the keyboard can put right: its message is all they need to see, never the stack trace. */
export class LocalStackError extends Error {}

/** The text of whatever was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
