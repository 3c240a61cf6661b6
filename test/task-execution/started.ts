import type { Stack } from 'aws-cdk-lib';
import { CfnLocationSMB } from 'aws-cdk-lib/aws-datasync';
import type { ILocation, ITask, TaskExecutionProps, TaskProps } from '../../src';
import { Location, Task, TaskExecution } from '../../src';
import { deployedStart } from '../support/deployed';
import { locationOf, newStack, s3Location } from '../support/stacks';

export type Build = (stack: Stack) => ITask;

/** What the function gets, and what CloudFormation knows of a stack with one start of the task. */
export function started(build: Build, props: Partial<TaskExecutionProps> = {}, parameters: { [name: string]: string } = {}, stack = newStack()) {
  new TaskExecution(stack, 'Seed', { task: build(stack), ...props });
  return deployedStart(stack, parameters);
}

export const task = (props: Partial<TaskProps> = {}, subdirectory = 'a/'): Build => stack => new Task(stack, 'Task', {
  source: locationOf(stack, 'Source'), destination: s3Location(stack, 'S3', subdirectory), ...props,
});

export const smb = (subdirectory: string, more: object = {}) => (stack: Stack): ILocation => Location.fromLocationArn(stack, 'Share', new CfnLocationSMB(stack, 'Smb', {
  serverHostname: 'files.example.com', subdirectory, user: 'me', password: '{{resolve:secretsmanager:share}}', agentArns: ['arn:aws:datasync:us-east-1:111122223333:agent/agent-0123456789abcdef0'], ...more,
}).ref);

export const withSource = (source: (stack: Stack) => ILocation): Build => stack => new Task(stack, 'Task', { source: source(stack), destination: s3Location(stack, 'S3') });
