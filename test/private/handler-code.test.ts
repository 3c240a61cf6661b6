import * as path from 'node:path';
import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { HandlerCode } from '../../src/private/handler-code';

const FOLDER = path.join(__dirname, '..', '..', 'assets', 'task-execution', 'handler');

/** What is deployed of a function with that code. */
function deployed(code: () => Code, context: { [key: string]: unknown }): unknown {
  const app = new App({ context });
  const stack = new Stack(new Stage(app, 'Prod'), 'Stack');
  new Function(stack, 'Function', { code: code(), handler: 'index.onEvent', runtime: Runtime.NODEJS_22_X });
  const nested = new NestedStack(stack, 'Nested');
  new Function(nested, 'Function', { code: code(), handler: 'index.onSchedule', runtime: Runtime.NODEJS_22_X });
  const assembly = app.synth().getNestedAssembly('assembly-Prod');
  const { template, assets } = assembly.getStackByName(stack.stackName);
  const manifest = assembly.artifacts.find(({ id }) => id.endsWith('.assets'))?.manifest;
  return { template, nestedTemplate: Template.fromStack(nested).toJSON(), assets, manifest };
}

test.each([
  ['by default', {}],
  ['as the CDK CLI asks for it, with metadata', { 'aws:cdk:enable-asset-metadata': true }],
  ['with a legacy synthesizer', { '@aws-cdk/core:newStyleStackSynthesis': false }],
])('the code of a function is deployed as Code.fromAsset would %s', (_, context) => {
  expect(deployed(() => new HandlerCode(FOLDER), context)).toEqual(deployed(() => Code.fromAsset(FOLDER), context));
});
