/**
 * Prints every budget with what it measures today, as ratios within one run. `--quick` takes small sizes; a word picks the rows
 * whose name contains it. Exits with 1 when a row is over its budget or could not be measured.
 */
import type { BenchRow, Measurement } from './bench-row';
import { rows as copyRows } from './copy.bench';
import { rows as handlerRows } from './handler.bench';
import { rows as provisionRows } from './provision.bench';
import { rows as startRows } from './start.bench';
import { rows as synthRows } from './synth.bench';

const ROWS: readonly BenchRow[] = [...synthRows, ...handlerRows, ...startRows, ...provisionRows, ...copyRows];

async function main(args: string[]): Promise<number> {
  const quick = args.includes('--quick');
  const words = args.filter(arg => !arg.startsWith('--'));
  const rows = ROWS.filter(row => words.every(word => row.name.includes(word)));
  if (rows.length === 0) {
    console.log(`no row is named like ${words.join(' ')}; there are:\n${ROWS.map(row => `  ${row.name}`).join('\n')}`);
    return 1;
  }
  if (quick) console.log('quick: small sizes, the figures say little\n');
  let failed = 0;
  for (const row of rows) {
    const { value, detail } = await row.run({ quick }).catch((error: Error): Measurement => ({ detail: `not measured: ${error.message}` }));
    const verdict = value === undefined ? 'NOT MEASURED' : value <= row.budget ? 'within budget' : 'OVER BUDGET';
    if (verdict !== 'within budget') failed++;
    const measured = value === undefined ? '-' : `${Number(value.toPrecision(3))} ${row.unit}`;
    console.log(`${verdict.padEnd(14)} ${row.name}: ${measured} of at most ${row.budget} ${row.unit}\n${' '.repeat(15)}${detail}`);
  }
  console.log(`\n${rows.length - failed} of ${rows.length} within budget`);
  return failed === 0 ? 0 : 1;
}

void main(process.argv.slice(2)).then(code => { process.exitCode = code; });
