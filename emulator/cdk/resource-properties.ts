import type { ResourceType } from './resource-types';
import { ARN_PATTERNS } from '../../src/task-execution/contract';

/** Whether the file system of a location is made by the app, in which case its ARN is not known yet. */
export function isOnOwnFileSystem(properties: any): boolean {
  return ['EfsFilesystemArn', 'FsxFilesystemArn', 'StorageVirtualMachineArn'].some(name => typeof Object(properties)[name] === 'object');
}

/** The properties under the API's names; what is text in the one and base64 in the other is left to CloudFormation to convert. */
export function toApi(properties: any, { renamed = {}, textBlobs = [] }: Pick<ResourceType, 'renamed' | 'textBlobs'>): any {
  if (Array.isArray(properties)) return properties.map(each => localAgent(each) ?? toApi(each, { renamed }));
  if (typeof properties !== 'object' || properties === null) return properties;
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => {
    const own = toApi(value, { renamed });
    return [renamed[name] ?? name, textBlobs.includes(name) ? { 'Fn::Base64': own } : own];
  }));
}

/** An agent of the account that the app is made for is one of the same id where the stack is: the emulator takes those of no other account. */
function localAgent(value: unknown): object | undefined {
  const arn = String(value);
  if (!ARN_PATTERNS.agent.test(arn)) return undefined;
  return { 'Fn::Sub': `arn:\${AWS::Partition}:datasync:\${AWS::Region}:\${AWS::AccountId}:${arn.slice(arn.lastIndexOf(':') + 1)}` };
}
