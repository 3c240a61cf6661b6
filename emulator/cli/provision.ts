import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { url } from './arguments';
import { bytes, items, printable } from './format';
import type { CreatedResource } from '../provision/deployment';
import { provision } from '../provision/provision';
import type { IgnoredResource } from '../provision/types';

const EXAMPLES = `
Examples:
  a server, and what a synthesized app has of DataSync in it
    $ npx cdk-datasync serve --root files &
    $ npx cdk synth
    $ npx cdk-datasync provision cdk.out
  one stack, with what a deployment would look up, for a script
    $ npx cdk-datasync provision cdk.out/Backup.template.json --parameter Stage=test --value '{{resolve:ssm:/prefix}}=in' --json

What the stacks start on deploy is started, and waited for; the command ends with 1 if that fails. Nothing but agents, locations, tasks and
starts is created; the rest is listed.`;

interface ProvisionArguments {
  readonly endpoint?: string;
  readonly parameter?: Readonly<Record<string, string>>;
  readonly value?: Readonly<Record<string, string>>;
  readonly account?: string;
  readonly region?: string;
  readonly starts: boolean;
  readonly json?: boolean;
}

/** Adds `provision` to the program. */
export function registerProvision(program: Command): void {
  program
    .command('provision')
    .summary('create what a CDK app has of DataSync in a running server')
    .description('Creates the agents, locations and tasks of a template, or of a synthesized app, in a running server, and starts what these start on '
      + 'deploy. No CloudFormation and no CDK CLI are needed.')
    .argument('<template>', 'a template in JSON, or the folder of a cloud assembly such as cdk.out')
    .option('--endpoint <url>', 'URL of the server (default: AWS_ENDPOINT_URL_DATASYNC, else http://127.0.0.1:4580)', url)
    .option('--parameter <name=value>', 'value of a parameter of the template; repeatable', pair)
    .option('--value <reference=value>', 'what a reference resolves to that is not known here: LogicalId, LogicalId.Attribute, the name of an export; repeatable', pair)
    .option('--account <id>', 'account of stacks that name none (default: 000000000000)')
    .option('--region <name>', 'Region of stacks that name none (default: us-east-1)')
    .option('--no-starts', 'create only, start nothing')
    .option('--json', 'one JSON object with locations, tasks, executions and what was left out')
    .addHelpText('after', EXAMPLES)
    .action(async (template: string, args: ProvisionArguments) => {
      const { parameter: parameters, value: values, account, region, starts } = args;
      const endpoint = args.endpoint ?? (process.env.AWS_ENDPOINT_URL_DATASYNC || 'http://127.0.0.1:4580');
      const local = await provision(endpoint, template, { parameters, values, account, region, starts });
      if (local.resources.length === 0) throw new Error(nothingIn(template, local.ignored));
      console.log(args.json ? JSON.stringify(asJson(local.resources, local.ignored), undefined, 2) : asText(local.resources, local.ignored).join('\n'));
      if (local.resources.some(({ result }) => result?.status === 'ERROR')) process.exitCode = 1;
    });
}

/** Most often the DataSync part is elsewhere in the app. */
function nothingIn(template: string, ignored: readonly IgnoredResource[]): string {
  const nested = ignored.some(({ type }) => type === 'AWS::CloudFormation::Stack');
  return `there is nothing of DataSync in ${printable(template)}; `
    + (nested ? 'nested stacks are left out: give the template of one, cdk.out/*.nested.template.json' : 'give the stack that has the locations and tasks');
}

function pair(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, name, value] = /^((?:\{\{.*?\}\})|[^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('it must be NAME=VALUE.');
  return { ...before, [name]: value };
}

/** By logical id; `path` is that of the construct, where the CDK has written it into the template. */
function asJson(resources: readonly CreatedResource[], ignored: readonly IgnoredResource[]): object {
  const byId = <T>(kind: CreatedResource['kind'], show: (resource: CreatedResource) => T) => Object.fromEntries(
    resources.filter(resource => resource.kind === kind).map(resource => [resource.logicalId, {
      stack: resource.stack.name, path: resource.stack.body.Resources[resource.logicalId]?.Metadata?.['aws:cdk:path'], arn: resource.arn, ...show(resource),
    }]),
  );
  return {
    agents: byId('Agent', () => ({})),
    locations: byId('Location', ({ attributes, folder }) => ({ uri: attributes.LocationUri, folder })),
    tasks: byId('Task', () => ({})),
    executions: byId('Start', ({ result }) => result),
    ignored,
  };
}

function asText(resources: readonly CreatedResource[], ignored: readonly IgnoredResource[]): string[] {
  return [
    ...resources.map(({ logicalId, kind, arn, attributes, folder, result }) => {
      if (result) {
        const { status, counters, errorDetail } = result;
        return `${logicalId}: ${status}, ${items(counters.filesTransferred)} (${bytes(counters.bytesTransferred)}) copied${errorDetail ? `: ${printable(errorDetail)}` : ''}`;
      }
      if (kind === 'Location') return `${logicalId}: ${printable(String(attributes.LocationUri))}${folder === undefined ? '' : `, ${printable(folder)}`}`;
      return `${logicalId}: ${arn}`;
    }),
    ...ignored.length > 0 ? [`Left out: ${ignored.map(({ logicalId, type }) => `${logicalId} (${type})`).join(', ')}`] : [],
  ];
}
