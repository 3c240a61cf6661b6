import type { App, Stack } from 'aws-cdk-lib';
import { TASK_EXECUTION_RESOURCE_TYPE } from '../../src/task-execution/contract';

type Json = { [name: string]: any };

const REGION = 'us-east-1';
const ACCOUNT = '111122223333';

const NO_VALUE = Symbol('AWS::NoValue');

/**
 * What the function gets of the only start of a stack: the properties as CloudFormation resolves them, with these values of parameters.
 * Physical names are those of the stack and the logical id, unless the template names the resource.
 */
export function deployedStart(stack: Stack, parameters: { [name: string]: string } = {}): Json {
  const templates = templatesOf(stack);
  const starts = Object.values<Json>(templates[stack.stackName].Resources).filter(({ Type }) => Type === TASK_EXECUTION_RESOURCE_TYPE);
  if (starts.length !== 1) throw new Error(`${starts.length} starts`);
  return JSON.parse(JSON.stringify(evaluate(starts[0].Properties, stack.stackName, templates, parameters)));
}

/** The templates of an app by the names of their stacks. */
export function templatesOf(stack: Stack): { [stackName: string]: Json } {
  const assembly = (stack.node.root as App).synth();
  return Object.fromEntries(assembly.stacks.map(({ stackName, template }) => [stackName, template]));
}

function evaluate(value: any, stackName: string, templates: Json, parameters: Json): any {
  const template = templates[stackName];
  const inner = (item: any) => evaluate(item, stackName, templates, parameters);
  if (Array.isArray(value)) return value.map(inner).filter(item => item !== NO_VALUE);
  if (typeof value === 'string') return value.replace(/\{\{resolve:ssm:([^}]+)\}\}/g, (_, name) => parameters[name]);
  if (typeof value !== 'object') return String(value); // as CloudFormation has it in custom resources
  const [[name, argument]] = Object.entries<any>(value).concat([['', '']]);
  switch (name) {
    case 'Ref': return reference(argument, template, stackName, parameters);
    case 'Fn::GetAtt': return attribute(argument, template, stackName, inner);
    case 'Fn::Join': return argument[1].map(inner).join(argument[0]);
    case 'Fn::Select': return inner(argument[1])[Number(argument[0])];
    case 'Fn::Split': return inner(argument[1]).split(argument[0]);
    case 'Fn::If': return inner(argument[holds(argument[0], template, inner) ? 1 : 2]);
    case 'Fn::GetStackOutput': return evaluate(templates[argument.StackName].Outputs[argument.OutputName].Value, argument.StackName, templates, parameters);
    case 'Fn::ImportValue': return imported(inner(argument), templates, parameters);
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, inner(member)] as const).filter(([, member]) => member !== NO_VALUE));
}

function reference(name: string, template: Json, stackName: string, parameters: Json): any {
  const pseudo: Json = {
    'AWS::Partition': 'aws',
    'AWS::Region': REGION,
    'AWS::AccountId': ACCOUNT,
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::NoValue': NO_VALUE,
    'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${stackName}/0`,
  };
  if (name in pseudo) return pseudo[name];
  const parameter = template.Parameters?.[name];
  if (parameter?.Type.startsWith('AWS::SSM')) return parameters[parameter.Default];
  if (parameter) return parameters[name] ?? parameter.Default;
  if (!template.Resources[name]) throw new Error(`the template of ${stackName} refers to ${name}, which it does not have`);
  return `arn:aws:any:${REGION}:${ACCOUNT}:${stackName}/${name}`;
}

function attribute([name, attributeName]: string[], template: Json, stackName: string, inner: (item: any) => any): string {
  const { Type, Properties } = template.Resources[name];
  if (Type === 'AWS::S3::Bucket' && Properties?.BucketName) return `arn:aws:s3:::${inner(Properties.BucketName)}`;
  return `arn:aws:any:${REGION}:${ACCOUNT}:${stackName}/${name}.${attributeName}`;
}

function holds(name: string, template: Json, inner: (item: any) => any): boolean {
  const [left, right] = template.Conditions[name]['Fn::Equals'].map(inner);
  return left === right;
}

function imported(name: string, templates: Json, parameters: Json): any {
  for (const [stackName, { Outputs = {} }] of Object.entries<Json>(templates)) {
    const output = Object.values<Json>(Outputs).find(candidate => candidate.Export?.Name === name);
    if (output) return evaluate(output.Value, stackName, templates, parameters);
  }
  throw new Error(`nothing exports ${name}`);
}
