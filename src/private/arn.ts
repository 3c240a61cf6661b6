import { ArnFormat, CfnResource, Fn, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import type { IEnvironmentAware, ResourceEnvironment } from 'aws-cdk-lib/interfaces';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct, IConstruct } from 'constructs';
import { ARN_PATTERNS, consoleUrl } from '../task-execution/contract';
import { Problems, show } from '../validation/problems';

/** The text of the service's ARNs. */

const EXAMPLES = {
  task: 'arn:aws:datasync:us-east-1:111122223333:task/task-0123456789abcdef0',
  location: 'arn:aws:datasync:us-east-1:111122223333:location/loc-0123456789abcdef0',
  agent: 'arn:aws:datasync:us-east-1:111122223333:agent/agent-0123456789abcdef0',
};

/** Refuses what cannot be the ARN of such a resource, at the place where it is imported. */
export function checkArn(scope: Construct, id: string, property: string, arn: string, kind: keyof typeof EXAMPLES): void {
  if (Token.isUnresolved(arn) || ARN_PATTERNS[kind].test(arn)) return;
  const problems = new Problems(`${scope.node.path}/${id}`);
  const remedy = kind === 'task' && /\/execution\//.test(arn) ? 'this is the ARN of an execution: cut it off before "/execution/"'
    // of which CloudFormation could not take the id
    : /\{\{resolve:ssm:/.test(arn) ? 'read the parameter by StringParameter.valueForStringParameter()'
      : `copy the whole ARN from the console or from list-${kind}s`;
  problems.add(`${property} ${show(arn)}`, `must be the ARN of ${kind === 'agent' ? 'an agent' : `a ${kind}`}, such as ${EXAMPLES[kind]}`, remedy);
  problems.throwIfAny();
}

/** `task-...` of a task's ARN. */
export function taskIdOf(taskArn: string): string {
  return Fn.select(1, Fn.split('/', taskArn));
}

/** `loc-...` of a location's ARN. */
export function locationIdOf(locationArn: string): string {
  return Fn.select(1, Fn.split('/', locationArn));
}

/** `agent-...` of an agent's ARN. */
export function agentIdOf(agentArn: string): string {
  return Fn.select(1, Fn.split('/', agentArn));
}

/** `exec-...` of an execution's ARN. */
export function executionIdOf(taskExecutionArn: string): string {
  return Fn.select(3, Fn.split('/', taskExecutionArn));
}

/** The page of a task in the console, from which its executions are one click away. */
export function consoleUrlOf(scope: IConstruct, taskArn: string): string {
  const { region } = Stack.of(scope);
  const partition = Token.isUnresolved(region) ? undefined : RegionInfo.get(region).partition;
  return consoleUrl(partition ?? 'aws', region, taskIdOf(taskArn));
}

/** Every execution of a task. */
export function executionsOf(taskArn: string): string {
  return `${taskArn}/execution/*`;
}

/** Everything of the service in the account of the scope, and in its Region unless told otherwise. */
export function anyResource(scope: Construct, region?: string): string {
  return Stack.of(scope).formatArn({ service: 'datasync', region, resource: '*', arnFormat: ArnFormat.NO_RESOURCE_NAME });
}

/** Every agent in the account and Region of the scope. */
export function anyAgent(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: 'datasync', resource: 'agent', resourceName: '*' });
}

/** Every task in the account and Region of the scope. */
export function anyTask(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: 'datasync', resource: 'task', resourceName: '*' });
}

/** Every execution in the account and Region of the scope. */
export function anyExecution(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: 'datasync', resource: 'task', resourceName: '*/execution/*' });
}

/** Whether it is the ARN of an access point of S3, be it known or of a resource of the app. */
export function isAccessPoint(arn: string): boolean {
  if (/^arn:[^:]+:s3:[^:]*:[^:]+:accesspoint[/:]/.test(arn)) return true;
  const token = Tokenization.reverse(arn, { failConcat: false });
  return Reference.isReference(token) && CfnResource.isCfnResource(token.target) && token.target.cfnResourceType === 'AWS::S3::AccessPoint';
}

/** Whether it is the ARN of something on Outposts. */
export function isOnOutposts(bucketArn: string): boolean {
  return /^arn:[^:]+:s3-outposts:/.test(bucketArn);
}

/** As the ARN says, or else by the Region; undefined if neither is known. */
export function partitionOf(region: string, arn = ''): string | undefined {
  const [, partition] = /^arn:([a-z-]+):/.exec(arn) ?? [];
  return partition ?? (Token.isUnresolved(region) ? undefined : RegionInfo.get(region).partition);
}

/** Something of the template as people read it and can paste it: without intrinsics, as far as the environment of the scope is known. */
export function readable(scope: IConstruct, value: unknown): unknown {
  const stack = Stack.of(scope);
  const known: { [pseudoParameter: string]: string } = {
    'AWS::AccountId': stack.account,
    'AWS::Region': stack.region,
    'AWS::Partition': (Token.isUnresolved(stack.region) ? undefined : RegionInfo.get(stack.region).partition) ?? 'aws',
  };
  const nameOf = (parameter: string) => known[parameter] === undefined || Token.isUnresolved(known[parameter]) ? `<${parameter}>` : known[parameter];
  const visit = (item: any): any => {
    if (Array.isArray(item)) return item.map(visit);
    if (typeof item !== 'object' || item === null) return item;
    if ('Ref' in item) return nameOf(item.Ref);
    if ('Fn::GetAtt' in item) return `<${item['Fn::GetAtt'].join('.')}>`;
    if ('Fn::Join' in item) return item['Fn::Join'][1].map(visit).join(item['Fn::Join'][0]);
    return Object.fromEntries(Object.entries(item).map(([key, member]) => [key, visit(member)]));
  };
  return visit(stack.resolve(value));
}

/** Where a resource is: as its ARN says, which an import may know better, or as CDK knows. */
export function environmentOf({ env }: IEnvironmentAware, arn: string): ResourceEnvironment {
  const [, , , region, account] = arn.split(':'); // a token has no colon
  return { account: account ?? env.account, region: region ?? env.region };
}
