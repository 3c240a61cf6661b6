/** Whether the SDK found no credentials to call AWS with. */
export function areCredentialsMissing(error: unknown): boolean {
  return /Credentials|TokenProvider/.test((error as Partial<Error>).name ?? '');
}

/**
 * Says so, with what to do.
 *
 * @param place where they are needed
 * @param detail what the SDK says, in one line
 */
export function missingCredentials(place: string, detail: string): string {
  return `there are no credentials for ${place}: set AWS_PROFILE or give --profile, or sign in with "aws sso login" (${detail})`;
}
