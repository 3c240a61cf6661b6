import { parseArgs } from 'node:util';
import { simulateMany, report, shrink } from './simulate-many';

const { values } = parseArgs({
  options: { scenarios: { type: 'string', default: '1000' }, seed: { type: 'string' }, show: { type: 'string' }, quiet: { type: 'boolean' } },
});

async function main(): Promise<void> {
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 30) : Number(values.seed);
  const scenarios = Number(values.scenarios);
  const began = process.hrtime.bigint();
  const many = await simulateMany(seed, scenarios);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  process.stdout.write(`${many.scenarios} scenarios from seed ${seed}: ${many.violated} broke a promise `
    + `(${[...many.happened].map(([what, count]) => `${count} ${what}`).join(', ')}; ${seconds.toFixed(1)} s)\n`);
  for (const [invariant, count] of [...many.violations].sort(([, a], [, b]) => b - a)) {
    process.stdout.write(`  ${String(count).padStart(6)}  ${invariant}, first with --seed ${many.first.get(invariant)}\n`);
  }
  if (many.violated > 0 && !values.quiet) {
    for (const [invariant, first] of many.first) {
      if (values.show && values.show !== invariant) continue;
      const found = await shrink(first, invariant);
      if (found) process.stdout.write(`\n${report(found)}\n`);
    }
  }
  if (many.violated > 0) process.exitCode = 1;
}

void main();
