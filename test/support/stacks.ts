import type { StackProps } from 'aws-cdk-lib';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { ILocation, ITask, LocationType, TaskProps } from '../../src';
import { Agent, Location, NfsLocation, S3Location, Task } from '../../src';

process.env.JSII_DEPRECATED = 'fail'; // what CDK is about to drop must not be used

export const TASK_ARN = 'arn:aws:datasync:us-east-1:111122223333:task/task-0123456789abcdef0';
export const LOCATION_ARN = 'arn:aws:datasync:us-east-1:111122223333:location/loc-0123456789abcdef0';
export const AGENT_ARN = 'arn:aws:datasync:us-east-1:111122223333:agent/agent-0123456789abcdef0';

/** A stack that does not know where it is deployed, unless told so. */
export function newStack(props?: StackProps): Stack {
  return new Stack(new App(), 'Stack', props);
}

export function s3Location(scope: Construct, id: string, subdirectory?: string): S3Location {
  return new S3Location(scope, id, { bucket: new Bucket(scope, `${id}Bucket`), subdirectory });
}

export function nfsLocation(scope: Construct, id: string, agentArn = AGENT_ARN): NfsLocation {
  return new NfsLocation(scope, id, {
    serverHostname: 'fileserver.example.com',
    subdirectory: '/export/projects',
    agents: [Agent.fromAgentArn(scope, `${id}Agent`, agentArn)],
  });
}

/** A location of any kind; of no known kind without one. Every id stands for another one. */
export function locationOf(scope: Construct, id: string, locationType?: LocationType): ILocation {
  const locationArn = LOCATION_ARN.replace(/[^-]*$/, id.toLowerCase().replace(/[^0-9a-z]/g, '').slice(-17).padStart(17, '0'));
  return Location.fromLocationAttributes(scope, id, { locationArn, locationType });
}

export function nfsToS3(scope: Construct, props: Partial<TaskProps> = {}): Task {
  return new Task(scope, 'Task', { source: nfsLocation(scope, 'Nfs'), destination: s3Location(scope, 'S3'), ...props });
}

/** What owned and imported tasks have in common: how each is made, and how its ARN and id are resolved. */
export const TASKS: Array<[string, (stack: Stack) => ITask, unknown, unknown]> = [
  ['owned', stack => nfsToS3(stack), { Ref: 'Task79114B6B' }, { 'Fn::Select': [1, { 'Fn::Split': ['/', { Ref: 'Task79114B6B' }] }] }],
  ['imported', stack => Task.fromTaskArn(stack, 'Task', TASK_ARN), TASK_ARN, 'task-0123456789abcdef0'],
];

export function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return String(error);
  }
  return 'no error';
}

/** Paths and texts of the warnings of a stack, without the line that acknowledges them, which all have. */
export function warningsOf(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue())
    .map(({ id, entry }) => `${id} ${entry.data}`.replace(/\. If that is what you want: Annotations\.of\(construct\)\.acknowledgeWarning\('[\w:-]+'\)/, ''));
}

type Json = { [name: string]: any };

/** A template whose hashes of assets do not change with the code of the functions. */
export function snapshotOf(stack: Stack): Json {
  const { Resources, Outputs } = Template.fromStack(stack).toJSON() as Json;
  return JSON.parse(JSON.stringify({ Resources, Outputs }).replace(/[0-9a-f]{64}\.zip/g, 'ASSET.zip'));
}

export function resourceOf(stack: Stack, type: string): Json {
  const resources = Object.values<Json>(Template.fromStack(stack).findResources(type));
  if (resources.length !== 1) throw new Error(`${resources.length} resources of type ${type}`);
  return resources[0];
}

export interface Statement {
  /** Logical id of the policy, or of the role that it stands in. */
  readonly holder: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

/** All statements of all identity policies of a stack. */
export function statementsOf(stack: Stack): Statement[] {
  const template = Template.fromStack(stack);
  const inRoles = Object.entries<Json>(template.findResources('AWS::IAM::Role')).flatMap(([holder, { Properties }]) =>
    (Properties.Policies ?? []).map((policy: Json) => ({ holder, ...policy })));
  const besides = Object.entries<Json>(template.findResources('AWS::IAM::Policy')).map(([holder, { Properties }]) => ({ holder, ...Properties }));
  return [...inRoles, ...besides].flatMap(({ holder, PolicyDocument }) =>
    PolicyDocument.Statement.map((statement: Json) => ({ holder, ...statement })));
}

/** Statements of the policy whose logical id begins so, as `actions on resources` lines. */
export function permissionsOf(stack: Stack, holder: string): string[] {
  return statementsOf(stack).filter(statement => statement.holder.startsWith(holder)).map(({ Action, Resource, Condition }) =>
    `${[Action].flat().join(' ')} on ${[Resource].flat().map(flatten).join(' ')}${Condition ? ` if ${JSON.stringify(Condition, flattenIntrinsics)}` : ''}`);
}

function flattenIntrinsics(_key: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'Fn::Join' in value ? flatten(value) : value;
}

/** Of all roles whose description has that: what the service may assume them for. */
export function trustedArns(stack: Stack, description: string): string[] {
  return Object.values<Json>(Template.fromStack(stack).findResources('AWS::IAM::Role', { Properties: { Description: Match.stringLikeRegexp(description) } }))
    .map(({ Properties }) => flatten(Properties.AssumeRolePolicyDocument.Statement[0].Condition.ArnLike['aws:SourceArn']));
}

/** An intrinsic as readable text. */
export function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const intrinsic = value as Json;
  if (intrinsic.Ref) return `<${intrinsic.Ref}>`;
  if (intrinsic['Fn::GetAtt']) return `<${intrinsic['Fn::GetAtt'].join('.')}>`;
  if (intrinsic['Fn::Join']) return intrinsic['Fn::Join'][1].map(flatten).join(intrinsic['Fn::Join'][0]);
  return `<${JSON.stringify(value).replace(/["{}]/g, '')}>`;
}
