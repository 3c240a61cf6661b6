/** Synthesizes one of the two apps and prints how long it took and how much memory was in use at the peak. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as byHand from './by-hand';
import * as constructs from './constructs';

const [which, tasks] = process.argv.slice(2);
const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-datasync-bench-'));
const before = process.hrtime.bigint();
const app = new App({ outdir, analyticsReporting: false, context: { '@aws-cdk/core:stackResourceLimit': 0 } });
const stack = new Stack(app, 'Bench');
(which === 'constructs' ? constructs : byHand).build(stack, Number(tasks), new Bucket(stack, 'From'), new Bucket(stack, 'To'));
app.synth();
const milliseconds = Number(process.hrtime.bigint() - before) / 1e6;
fs.rmSync(outdir, { recursive: true });
console.log(JSON.stringify({ milliseconds, megabytes: process.resourceUsage().maxRSS / 1024 }));
