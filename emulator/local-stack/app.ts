import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { zonesOf } from './availability-zones';
import { isExecutable } from './cdk-cli';
import { PROGRAM } from './emulator-server';
import { LocalStackError } from './error';
import type { LocalStack } from './local-stack';
import { makeFolder } from '../system/make-folder';

/** A folder in which the CDK CLI works on an app for the local stack, in place of that of the project. */
export interface CdkWorkspace {
  /** The folder with the app's `cdk.json`. */
  readonly project: string;
  /** Where the CLI is started: it has a `cdk.json` and a `cdk.context.json` of its own. */
  readonly folder: string;
  /** Where the assembly goes, in place of the project's `cdk.out`. */
  readonly assembly: string;
}

/** Settings of a `cdk.json` that could lead to AWS, or that are set here. */
const LEFT_OUT = ['app', 'build', 'output', 'plugin', 'profile', 'roleArn', 'proxy', 'caBundlePath', 'toolkitStackName', 'toolkitBucketName', 'notices', 'lookups', 'watch'];

/** A CDK app, as its `cdk.json` describes it. */
export interface CdkApp {
  /** The folder with the `cdk.json`. */
  readonly project: string;
  /** How it is started. */
  readonly command: string;
  readonly config: Readonly<Record<string, any>>;
}

/**
 * @param command overrides that of the `cdk.json`
 * @throws LocalStackError when there is no app
 */
export function readApp(project: string, command?: string): CdkApp {
  const path = join(project, 'cdk.json');
  const config = readConfig(path);
  const used = command ?? config.app;
  if (typeof used === 'string' && used.trim() !== '') return { project, command: used, config };
  throw new LocalStackError(`${path} has no "app": write there how the app is started, such as "npx tsx app.ts", or give --app`);
}

/**
 * Makes a folder for the CDK CLI in which nothing is the user's own: a copy of the settings without what could lead to AWS, a copy of the
 * context, which the CLI may write to, and a command that runs the app where it is, with the home folder that it expects.
 */
export function makeWorkspace(stack: LocalStack, { project, command, config }: CdkApp): CdkWorkspace {
  const folder = join(stack.appsFolder, createHash('sha256').update(project).digest('hex').slice(0, 12));
  const assembly = join(folder, 'cdk.out');
  makeFolder(folder);

  const kept = Object.entries(config).filter(([name]) => !LEFT_OUT.includes(name));
  const own = { app: 'sh app.sh', notices: false, ...config.watch && { watch: watchIn(config.watch) } };
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ ...Object.fromEntries(kept), ...own }, undefined, 2));
  writeContext(project, folder);
  const link = join(folder, PROJECT);
  rmSync(link, { force: true });
  symlinkSync(project, link);
  writeFileSync(join(folder, 'app.sh'), script(stack, project, runnable(project, command), typeof config.build === 'string' ? config.build : undefined));
  return { project, folder, assembly };
}

const PROJECT = 'project';

/** Set by a run in which the CLI deploys what the app has synthesized: then it has to be localized in between. */
export const LOCALIZE = 'CDK_DATASYNC_LOCALIZE';

function script(stack: LocalStack, project: string, app: string, build?: string): string {
  const localizeOptions = ['--endpoint', stack.endpoints.datasync, '--stand-ins', '--root', stack.state.root];
  return [
    '#!/bin/sh',
    `cd ${quoted(project)} || exit 1`,
    `HOME=${quoted(homedir())}; export HOME`, // compilers and package managers keep their things there
    ...build ? [`( ${build}\n) || exit $?`] : [],
    `( ${app}\n) || exit $?`,
    '[ -e "$CDK_OUTDIR/manifest.json" ] || { echo "Error: the command of the app has ended well and made no cloud assembly; call app.synth() at its end" >&2; exit 1; }',
    `[ -n "$${LOCALIZE}" ] || exit 0`,
    `exec ${[process.execPath, PROGRAM, 'localize'].map(quoted).join(' ')} "$CDK_OUTDIR" ${localizeOptions.map(quoted).join(' ')} >&2`,
    '',
  ].join('\n');
}

/** As the CDK CLI does it: a single file with JavaScript that is not executable is run with Node.js, a folder is an assembly that is there already. */
function runnable(project: string, app: string): string {
  const path = resolve(project, app);
  if (!existsSync(path)) return app;
  if (statSync(path).isDirectory()) return `cp -R ${quoted(`${path}/.`)} "$CDK_OUTDIR"`;
  return app.endsWith('.js') && !isExecutable(path) ? `${quoted(process.execPath)} ${quoted(path)}` : quoted(path);
}

function readConfig(path: string): Record<string, any> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new LocalStackError(`there is no ${path}; go to the folder of a CDK app, or make one with "npx cdk init app --language typescript"`);
  return readJson(path);
}

function readJson(path: string): Record<string, any> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, any>;
  } catch (error) {
    throw new LocalStackError(`${path} is not JSON: ${(error as Error).message}`);
  }
}

/** What was looked up in AWS goes before what is answered here. */
export function writeContext(project: string, folder: string): void {
  const own = join(project, 'cdk.context.json');
  const context = { ...zonesOf(folder), ...existsSync(own) && readJson(own) };
  const path = join(folder, 'cdk.context.json');
  rmSync(path, { force: true });
  if (Object.keys(context).length > 0) writeFileSync(path, JSON.stringify(context, undefined, 2));
}

/** The CLI watches below the folder of its `cdk.json`: the project is there by a link. */
function watchIn({ include = '**', exclude = [] }: { include?: string | string[]; exclude?: string | string[] }): object {
  const below = (patterns: string | string[]) => [patterns].flat().map(pattern => `${PROJECT}/${pattern}`);
  return { include: below(include), exclude: [...below(exclude), `${PROJECT}/cdk.out/**`, `${PROJECT}/**/node_modules/**`] };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
