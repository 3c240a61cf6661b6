/** Everything that keeps a stack from being provisioned, one line each. */
export class ProvisionError extends Error {
  public readonly name = 'ProvisionError';

  constructor(public readonly problems: readonly string[]) {
    super([...new Set(problems)].join('\n'));
  }
}

/** Does all of it, and fails at the end with all that went wrong. */
export async function each<T, R>(items: Iterable<T>, act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const problems: string[] = [];
  for (const item of items) {
    try {
      results.push(await act(item));
    } catch (error) {
      if (!(error instanceof ProvisionError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new ProvisionError(problems);
  return results;
}
