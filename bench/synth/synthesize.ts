/** Synthesizes one of the apps and prints how much time of the processor it took and how much memory was in use at the peak. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as bareL2s from './bare-l2s';
import * as byHand from './by-hand';
import * as constructs from './constructs';
import * as recipe from './recipe';

const APPS = { constructs, 'by-hand': byHand, 'bare-l2s': bareL2s, recipe };

const [which, tasks] = process.argv.slice(2);
const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-datasync-bench-'));
const before = process.cpuUsage(); // a clock would count what else the machine does
const app = new App({ outdir, analyticsReporting: false, context: { '@aws-cdk/core:stackResourceLimit': 0 } });
const stack = new Stack(app, 'Bench');
APPS[which as keyof typeof APPS].build(stack, Number(tasks), new Bucket(stack, 'From'), new Bucket(stack, 'To'));
app.synth();
const { user, system } = process.cpuUsage(before);
const milliseconds = (user + system) / 1000;
fs.rmSync(outdir, { recursive: true });
console.log(JSON.stringify({ milliseconds, megabytes: process.resourceUsage().maxRSS / 1024 }));
