import type { Command } from 'commander';
import { url } from './arguments';
import { serverEndpoint } from './server-endpoint';
import { describeStack } from './stack';
import { findByName } from './task-id';

/** Exit codes of `--watch` with an ARN. */
const EXIT = { SUCCESS: 0, ERROR: 1, CANCELLED: 2, UNKNOWN: 3, STOPPED: 130 } as const;

const EXAMPLES = `
Examples:
  the local stack, or a server: what it has, and what goes on
    $ npx cdk-datasync status
    $ npx cdk-datasync status --watch --endpoint http://127.0.0.1:4580
  an execution in AWS: how far it is
    $ npx cdk-datasync status arn:aws:datasync:us-east-1:111122223333:task/task-0123456789abcdef0/execution/exec-0123456789abcdef0
  in a build, after "cdk deploy --outputs-file outputs.json": wait for the end of the transfer, and fail if it fails
    $ npx cdk-datasync status "$(jq -r .Copy.TaskExecutionArn outputs.json)" --watch

With an ARN it looks at --endpoint, else at the local stack if that runs and has the task, else in AWS, with your credentials and the Region of
the ARN; the first line says where. It only reads: datasync:DescribeTaskExecution, for the ARN of a task datasync:DescribeTask too, and without
--watch datasync:ListTaskExecutions. --watch of a task follows the execution that goes on; if none does, it shows how the last one ended. Ctrl-C
stops the watching, not the execution.

--watch with an ARN ends with 0 if the execution succeeded, 1 if it failed, 2 if it was cancelled, 3 if that cannot be found out, 130 after
Ctrl-C. Without --watch it ends with 0 if there is something to show, else with 3, or with 1 without an ARN.

The same in a browser, of a server: open its URL.`;

interface StatusArguments {
  readonly endpoint?: string;
  readonly profile?: string;
  readonly watch?: boolean;
  readonly json?: boolean;
}

/** Adds `status` to the program. */
export function registerStatus(program: Command): void {
  program
    .command('status')
    .summary('show tasks and executions: of a server, or one of AWS')
    .description('Shows a task or an execution, wherever it is, in AWS too, and follows it to its end. Without an ARN it shows the servers of the local '
      + 'stack, if it is running, and the tasks and executions of its emulator or of any that is running, of every account and Region.')
    .argument('[arn]', 'ARN of a task or of an execution; of one at a server its id does, too')
    .option('--watch', 'look again and again: an execution until it has ended, a server until Ctrl-C')
    .option('--json', 'one JSON document; with --watch one in a line for each change')
    .option('--profile <name>', 'profile of AWS to look with at the ARN (default: AWS_PROFILE, else as the AWS CLI finds its credentials)')
    .option('--endpoint <url>', 'URL of a server to look at, in place of AWS; it gets no credentials of yours (default without an ARN: '
      + 'AWS_ENDPOINT_URL_DATASYNC, else that of the local stack, else http://127.0.0.1:4580)', url)
    .addHelpText('after', EXAMPLES)
    .action(async (arn: string | undefined, args: StatusArguments) => {
      if (args.profile !== undefined && (arn === undefined || args.endpoint !== undefined)) {
        program.error(`error: --profile is for an ARN in AWS${arn === undefined ? '; give the ARN' : ', and --endpoint is a server; give one of them'}`);
      }
      if (arn === undefined) return ofServer(args);
      try {
        await ofArn(arn, args);
      } catch (error) {
        program.error(`error: ${(error as Error).message}`, { exitCode: EXIT.UNKNOWN });
      }
    });
}

async function ofServer({ endpoint: given, watch, json }: StatusArguments): Promise<void> {
  const { followServer, printServer, printServerChanges, showServer } = await import('./server-status.js');
  const { endpoint, running, stack } = serverEndpoint(given);
  if (json) {
    const about = stack ? { localStack: { aws: stack.endpoints.aws, root: stack.state.root, mounts: stack.state.mounts } } : {};
    await (watch ? printServerChanges : printServer)(endpoint, about);
    return;
  }
  if (running && endpoint === process.env.AWS_ENDPOINT_URL_DATASYNC && !stack) {
    console.error(`note: AWS_ENDPOINT_URL_DATASYNC leads to ${endpoint}; the local stack is at ${running.endpoints.datasync}: eval "$(npx cdk-datasync env)" leads there`);
  }
  if (stack) console.log(`${describeStack(stack).join('\n')}\n`);
  await (watch ? followServer : showServer)(endpoint);
}

async function ofArn(text: string, given: StatusArguments): Promise<void> {
  const { arn, args } = await findByName(text, given);
  const { follow, lookAt } = await import('./execution-status.js');
  if (!args.watch) return lookAt(arn, args);
  const abort = new AbortController();
  const stop = () => abort.abort();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  try {
    process.exitCode = EXIT[await follow(arn, args, abort.signal)];
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    process.exit(EXIT.STOPPED);
  }
}
