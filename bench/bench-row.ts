/** One line of the benchmark: what is measured, what it may be at most, and how it is measured. */
export interface BenchRow {
  readonly name: string;
  /** What the measured value may be at most. */
  readonly budget: number;
  /** How to print the value: `1.05 x`, `312 KB`, `4`. */
  readonly unit: string;
  run(options: BenchOptions): Promise<Measurement>;
}

export interface BenchOptions {
  /** Small sizes and few rounds: shows that the benchmark works, not what the product does. */
  readonly quick: boolean;
}

export interface Measurement {
  /** Missing when it could not be measured; `detail` then says why. */
  readonly value?: number;
  /** The figures behind the value, for a person. */
  readonly detail: string;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Runs two measurements in turn, A B A B ..., and gives the median of the ratios of the pairs: on a noisy machine both sides of a pair see
 * much the same noise.
 */
export async function ratioOf(rounds: number, a: () => Promise<number>, b: () => Promise<number>): Promise<{ ratio: number; a: number; b: number }> {
  const pairs: Array<[number, number]> = [];
  for (let round = 0; round <= rounds; round++) {
    const pair: [number, number] = [await a(), await b()];
    if (round > 0) pairs.push(pair); // the first one warms up
  }
  return { ratio: median(pairs.map(([x, y]) => x / y)), a: median(pairs.map(([x]) => x)), b: median(pairs.map(([, y]) => y)) };
}
