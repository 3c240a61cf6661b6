import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BenchRow, ratioOf } from './bench-row';
import { bundleForNode } from './bundle';
import { build } from './synth/constructs';

const TASKS = 100;

interface Synthesis {
  readonly milliseconds: number;
  readonly megabytes: number;
}

export const rows: BenchRow[] = [
  {
    name: `synth: time of ${TASKS} tasks with two locations and a start each, against the same in L1`,
    budget: 1.10,
    unit: 'x',
    run: async ({ quick }) => {
      const { ratio, a, b } = await compareSyntheses(quick, synthesis => synthesis.milliseconds);
      return { value: ratio, detail: `library ${Math.round(a)} ms, by hand ${Math.round(b)} ms` };
    },
  },
  {
    name: `synth: memory of ${TASKS} tasks with two locations and a start each, against the same in L1`,
    budget: 1.10,
    unit: 'x',
    run: async ({ quick }) => {
      const { ratio, a, b } = await compareSyntheses(quick, synthesis => synthesis.megabytes);
      return { value: ratio, detail: `library ${Math.round(a)} MB, by hand ${Math.round(b)} MB at the peak` };
    },
  },
  {
    name: 'template: resources of one more deploy-time start',
    budget: 1,
    unit: 'resource(s)',
    run: async () => {
      const [one, two] = [countResources(1), countResources(2)];
      const value = two.start - one.start;
      return { value, detail: `${one.start} resources besides task and locations with one start, ${two.start} with two` };
    },
  },
  {
    name: 'template: resources per stack that starts tasks',
    budget: 4,
    unit: 'resource(s)',
    run: async () => {
      const { start } = countResources(1);
      return { value: start - 1, detail: `${start} resources besides task and locations, one of them the start itself` };
    },
  },
  {
    name: 'import: the library on top of aws-cdk-lib/aws-datasync',
    budget: 25,
    unit: 'ms',
    run: async ({ quick }) => {
      // CDK loads a module's classes when they are first used; without using one, nothing but a list of names would be loaded.
      const module = "require('aws-cdk-lib'); require('aws-cdk-lib/aws-datasync').CfnTask;";
      const time = (code: string) => async () =>
        Number(await node(['-e', `const before = process.hrtime.bigint(); ${code} console.log(Number(process.hrtime.bigint() - before) / 1e6)`]));
      const { a, b } = await ratioOf(quick ? 2 : 21, time(`${module} require('./lib');`), time(module));
      return { value: Math.max(0, a - b), detail: `${a.toFixed(1)} ms with the library, ${b.toFixed(1)} ms without` };
    },
  },
];

async function compareSyntheses(quick: boolean, figure: (synthesis: Synthesis) => number) {
  const script = await bundleForNode('bench/synth/synthesize.ts');
  const measure = (which: string) => async () => figure(JSON.parse(await node([script, which, String(TASKS)])));
  return ratioOf(quick ? 2 : 9, measure('constructs'), measure('by-hand'));
}

async function node(args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: path.resolve(__dirname, '..') });
  return stdout;
}

/** Resources that are neither the task nor its locations with their roles. */
function countResources(tasks: number): { start: number } {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-datasync-bench-'));
  try {
    const stack = new Stack(new App({ outdir }), 'Bench');
    build(stack, tasks, new Bucket(stack, 'From'), new Bucket(stack, 'To'));
    const ids = Object.keys(Template.fromStack(stack).toJSON().Resources);
    return { start: ids.filter(id => !/^(Task|Source|Destination)\d|^(From|To)/.test(id)).length };
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}
