/** Waits until a condition holds; fails when that takes longer than any machine needs. */
export async function eventually<T>(probe: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + 10 * 60_000;
  for (;;) {
    const result = await probe();
    if (result) return result;
    if (Date.now() > deadline) throw new Error('it did not happen within 10 minutes');
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
