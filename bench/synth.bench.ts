import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { BenchRow } from './bench-row';
import { ratioOf } from './bench-row';
import { compileScript } from './compile-script';
import * as constructs from './synth/constructs';
import * as byRecipe from './synth/recipe';

const TASKS = 100;

interface Synthesis {
  readonly milliseconds: number;
  readonly megabytes: number;
}

const RECIPE = 'the recipe of L1s, Roles and AwsCustomResources';

export const rows: BenchRow[] = [
  {
    name: `synth: time of ${TASKS} tasks with two locations and a start each, against ${RECIPE}`,
    budget: 0.75,
    unit: 'x',
    run: async ({ quick }) => {
      const { ratio, a, b } = await compareSyntheses(quick, 'recipe', synthesis => synthesis.milliseconds);
      return { value: ratio, detail: `library ${Math.round(a)} ms of the processor, recipe ${Math.round(b)} ms` };
    },
  },
  {
    name: `synth: time of ${TASKS} tasks with two locations and a start each, against the same in L1`,
    budget: 1.15,
    unit: 'x',
    run: async ({ quick }) => {
      const { ratio, a, b } = await compareSyntheses(quick, 'by-hand', synthesis => synthesis.milliseconds);
      return { value: ratio, detail: `library ${Math.round(a)} ms of the processor, by hand ${Math.round(b)} ms` };
    },
  },
  {
    name: `synth: time of ${TASKS} tasks with two locations and a start each, against L2s that do nothing but make the same resources`,
    budget: 1.25, // what is checked and compared; the rest is CDK's own Resource and Role
    unit: 'x',
    run: async ({ quick }) => {
      const { ratio, a, b } = await compareSyntheses(quick, 'bare-l2s', synthesis => synthesis.milliseconds);
      return { value: ratio, detail: `library ${Math.round(a)} ms of the processor, bare L2s ${Math.round(b)} ms` };
    },
  },
  {
    name: `synth: memory of ${TASKS} tasks with two locations and a start each, against the same in L1`,
    budget: 1.10,
    unit: 'x',
    run: async ({ quick }) => {
      const { ratio, a, b } = await compareSyntheses(quick, 'by-hand', synthesis => synthesis.megabytes);
      return { value: ratio, detail: `library ${Math.round(a)} MB, by hand ${Math.round(b)} MB at the peak` };
    },
  },
  {
    name: `template: resources of ${TASKS} tasks with two locations and a start each, against ${RECIPE}`,
    budget: 0.7, // a task, two locations with a role each and a start are six of the nine that the recipe takes
    unit: 'x',
    run: async () => {
      const [library, recipe] = [constructs, byRecipe].map(app => resourcesOf(app, TASKS).length);
      return { value: library / recipe, detail: `library ${library}, recipe ${recipe}` };
    },
  },
  {
    name: 'template: resources of one more deploy-time start',
    budget: 1,
    unit: 'resource(s)',
    run: async () => {
      const [one, two] = [countStarters(1), countStarters(2)];
      return { value: two - one, detail: `${one} resources besides task and locations with one start, ${two} with two` };
    },
  },
  {
    name: 'template: resources per stack that starts tasks',
    budget: 4,
    unit: 'resource(s)',
    run: async () => {
      const starters = countStarters(1);
      return { value: starters - 1, detail: `${starters} resources besides task and locations, one of them the start itself` };
    },
  },
  {
    name: 'import: the library on top of aws-cdk-lib/aws-datasync',
    budget: 15,
    unit: 'ms',
    run: async ({ quick }) => {
      // Classes are loaded when they are first used; without using one, nothing but a list of names would be loaded.
      const module = "require('aws-cdk-lib'); require('aws-cdk-lib/aws-datasync').CfnTask;";
      const library = "const { S3Location, Task, TaskExecution } = require('./lib');";
      const time = (code: string) => async () => Number(await node(['-e', `const before = process.cpuUsage(); ${code}
        const { user, system } = process.cpuUsage(before); console.log((user + system) / 1000)`]));
      const { a, b } = await ratioOf(quick ? 2 : 21, time(`${module} ${library}`), time(module));
      return { value: Math.max(0, a - b), detail: `${a.toFixed(1)} ms of the processor with the library, ${b.toFixed(1)} ms without` };
    },
  },
];

async function compareSyntheses(quick: boolean, other: 'by-hand' | 'bare-l2s' | 'recipe', figure: (synthesis: Synthesis) => number) {
  const script = await compileScript('bench/synth/synthesize.ts');
  const measure = (which: string) => async () => figure(JSON.parse(await node([script, which, String(TASKS)])));
  return ratioOf(quick ? 2 : 9, measure('constructs'), measure(other));
}

async function node(args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: path.resolve(__dirname, '..') });
  return stdout;
}

type Bench = Pick<typeof constructs, 'build'>;

/** Resources that are neither the task nor its locations with their roles. */
function countStarters(tasks: number): number {
  return resourcesOf(constructs, tasks).filter(id => !/^(Task|Source|Destination)\d|^(From|To)/.test(id)).length;
}

function resourcesOf({ build }: Bench, tasks: number): string[] {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-datasync-bench-'));
  try {
    const stack = new Stack(new App({ outdir, context: { '@aws-cdk/core:stackResourceLimit': 0 } }), 'Bench');
    build(stack, tasks, new Bucket(stack, 'From'), new Bucket(stack, 'To'));
    return Object.keys(Template.fromStack(stack).toJSON().Resources);
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}
