const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs something that a Ctrl-C stops in order: it gets a signal to look at, undoes what it began, and then the process ends with 130.
 * A second Ctrl-C reaches the processes of the terminal a moment after the first, by way of npx, and must not cut that short.
 */
export async function interruptible<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const onSignal = () => {
    if (!abort.signal.aborted) console.error('\nStopping');
    abort.abort();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    const result = await action(abort.signal);
    abort.signal.throwIfAborted(); // the last step did not look at it
    return result;
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    console.error('Stopped');
    return process.exit(130);
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}
