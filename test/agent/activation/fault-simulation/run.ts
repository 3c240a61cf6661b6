import { parseArgs } from 'node:util';
import { simulateMany } from './simulate-many';

const { values } = parseArgs({ options: { scenarios: { type: 'string', default: '1000' }, seed: { type: 'string' } } });

async function main(): Promise<void> {
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 30) : Number(values.seed);
  const { scenarios, broken, happened, reports } = await simulateMany(seed, Number(values.scenarios));
  const counts = [...happened].map(([what, count]) => `${count} ${what}`).join(', ');
  process.stdout.write(`${scenarios} scenarios from seed ${seed}: ${broken} broke a promise (${counts})\n${reports.join('\n\n')}\n`);
  if (broken > 0) process.exitCode = 1;
}

void main();
