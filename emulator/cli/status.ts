import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { url } from './arguments';
import { bytes, duration, printable, table } from './format';
import { describe } from './stack';
import type { ExecutionSummary, Status } from '../console/status';
import { LocalStack } from '../local-stack/local-stack';

const INTERVAL_MS = 1_000;
const PATIENCE_MS = 10_000;

const EXAMPLES = `
Examples:
  $ npx cdk-datasync status
  $ npx cdk-datasync status --watch --endpoint http://127.0.0.1:4580

The same in a browser: open the endpoint's URL. For scripts: GET /_emulator/status answers JSON.`;

/** Adds `status` to the program. */
export function registerStatus(program: Command): void {
  program
    .command('status')
    .summary('show tasks and executions of a running server')
    .description('Shows the servers of the local stack, if it is running, and the tasks and executions of its emulator or of any that is running, of every '
      + 'account and Region.')
    .option('--endpoint <url>', 'URL of the server (default: AWS_ENDPOINT_URL_DATASYNC, else that of the local stack, else http://127.0.0.1:4580)', url)
    .option('--watch', 'look again every second, until Ctrl-C')
    .addHelpText('after', EXAMPLES)
    .action(async ({ endpoint: given = process.env.AWS_ENDPOINT_URL_DATASYNC, watch }: { endpoint?: string; watch?: boolean }) => {
      const stack = LocalStack.running();
      const endpoint = given || stack?.endpoints.datasync || 'http://127.0.0.1:4580';
      if (stack?.endpoints.datasync === endpoint) console.log(`${describe(stack).join('\n')}\n`);
      if (watch) await follow(endpoint);
      else console.log(show(await statusOf(endpoint)).join('\n'));
    });
}

/** On a terminal one screen that is drawn anew; elsewhere, what changed is appended. */
async function follow(endpoint: string): Promise<never> {
  let shown = '';
  for (;;) {
    const text = show(await statusOf(endpoint)).join('\n');
    if (process.stdout.isTTY) process.stdout.write(`\u001b[H\u001b[J${text}\n`);
    else if (text !== shown) console.log(`${new Date().toISOString()}\n${text}\n`);
    shown = text;
    await sleep(INTERVAL_MS);
  }
}

async function statusOf(endpoint: string): Promise<Status> {
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(new URL('/_emulator/status', endpoint), { signal: AbortSignal.timeout(PATIENCE_MS) });
    text = await answer.text();
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { code?: string } };
    throw new Error(`nothing answers at ${endpoint} (${cause?.code ?? message}); start it with "npx cdk-datasync up" or "npx cdk-datasync serve", or give its --endpoint`);
  }
  const status = parse(text);
  if (!answer.ok || !status?.tasks || !status.executions) {
    throw new Error(`what answers at ${endpoint} is not this emulator: HTTP ${answer.status} ${printable(text.slice(0, 200))}`);
  }
  return status;
}

function parse(text: string): Status | undefined {
  try {
    return JSON.parse(text) as Status;
  } catch {
    return undefined;
  }
}

function show({ tasks, executions, omitted }: Status): string[] {
  const taskRows = tasks.map(({ arn, name, status, mode, source, destination }) => [
    idOf(arn), status, mode, printable(name ?? '-'), `${printable(source)} -> ${printable(destination)}`,
  ]);
  return [
    ...section('task', 'status', 'mode', 'name', 'from -> to')(taskRows, omitted.tasks, 'no tasks'),
    '',
    ...section('execution', 'status', 'done', 'items', 'bytes', 'per second', 'time', 'of')(executions.map(rowOf), omitted.executions, 'no executions'),
    ...executions.filter(({ errorDetail }) => errorDetail).map(({ arn, errorCode, errorDetail }) => `${idOf(arn)}: ${errorCode}: ${printable(errorDetail!)}`),
  ];
}

function rowOf({ arn, taskArn, taskName, status, progress, bytesPerSecond, durationMs, endTime }: ExecutionSummary): string[] {
  const done = progress.itemsTransferred + progress.itemsDeleted;
  return [
    idOf(arn),
    status,
    endTime === undefined ? `${Math.floor(progress.fraction * 100)}%` : '-',
    endTime === undefined ? `${done} of ${progress.itemsPlanned}` : String(done),
    bytes(progress.bytesWritten),
    bytes(bytesPerSecond),
    duration(durationMs),
    printable(taskName ?? idOf(taskArn)),
  ];
}

function section(...head: string[]): (rows: string[][], omitted: number, nothing: string) => string[] {
  return (rows, omitted, nothing) => {
    if (rows.length === 0) return [nothing];
    return [...table([head.map(name => name.toUpperCase()), ...rows]), ...omitted > 0 ? [`and ${omitted} more`] : []];
  };
}

function idOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
