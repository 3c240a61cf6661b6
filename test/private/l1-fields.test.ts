import type { CfnResource } from 'aws-cdk-lib';
import { Fn, Lazy, Stack } from 'aws-cdk-lib';
import { CfnLocationFSxONTAP, CfnLocationHDFS, CfnTask } from 'aws-cdk-lib/aws-datasync';
import { resolvedFields, resourceBehind } from '../../src/private/l1-fields';
import { FIELD_LISTS } from '../../src/task-execution/compared-fields';
import { newStack, resourceOf } from '../support/stacks';

type Json = { [name: string]: any };

function fieldsOf(resource: CfnResource): Json {
  const fields = FIELD_LISTS.types[resource.cfnResourceType];
  return Stack.of(resource).resolve(Lazy.uncachedAny({ produce: context => resolvedFields(resource, fields, context) }));
}

/** The same fields, read from the template that CDK makes. */
function inTemplate(resource: CfnResource): Json {
  const { Properties } = resourceOf(Stack.of(resource), resource.cfnResourceType);
  const copy: Json = {};
  for (const { path } of FIELD_LISTS.types[resource.cfnResourceType]) {
    const names = path.split('.');
    let [from, to] = [Properties, copy];
    for (const name of names.slice(0, -1)) {
      from = from?.[name];
      if (from !== undefined) to = to[name] ??= {};
    }
    const last = names.at(-1)!;
    if (from?.[last] !== undefined) to[last] = from[last];
  }
  return copy;
}

const newTask = (stack: Stack, more: object = {}) => new CfnTask(stack, 'Task', { sourceLocationArn: 's', destinationLocationArn: 'd', ...more });
const everything = {
  taskMode: 'ENHANCED',
  name: 'n',
  options: { verifyMode: 'NONE', logLevel: 'TRANSFER', bytesPerSecond: 5, atime: 'NONE' },
  includes: [{ filterType: 'SIMPLE_PATTERN', value: '/a' }],
  manifestConfig: { action: 'TRANSFER', source: { s3: { s3BucketArn: 'b', manifestObjectPath: 'm', bucketAccessRoleArn: 'r' } } },
};

describe('are read as they stand in the template:', () => {
  test.each<[string, (stack: Stack) => CfnResource]>([
    ['nothing set', stack => newTask(stack)],
    ['everything set', stack => newTask(stack, everything)],
    ['an overridden option', stack => over(newTask(stack, everything), 'Options.VerifyMode', 'X')],
    ['a new option', stack => over(newTask(stack), 'Options.ObjectMetadata', 'NONE')],
    ['a deleted option', stack => over(newTask(stack, everything), 'Options.VerifyMode', undefined)],
    ['deleted options', stack => over(newTask(stack, everything), 'Options', undefined)],
    ['options overridden as a whole', stack => over(newTask(stack, everything), 'Options', { Mtime: 'NONE' })],
    ['one rule of a list', stack => over(newTask(stack, everything), 'Includes.0.Value', '/b')],
    ['a whole list', stack => over(newTask(stack, everything), 'Includes', [{ FilterType: 'SIMPLE_PATTERN', Value: '/c' }])],
    ['a reference in place of a text', stack => over(newTask(stack, everything), 'TaskMode', Fn.importValue('Mode'))],
    ['a text in place of a reference', stack => over(newTask(stack, { ...everything, taskMode: Fn.importValue('Mode') }), 'TaskMode', 'BASIC')],
    ['a part of a manifest', stack => over(newTask(stack, everything), 'ManifestConfig.Source.S3.ManifestObjectVersionId', '7')],
    ['a lazy whole', stack => newTask(stack, { ...everything, options: Lazy.any({ produce: () => ({ verifyMode: 'NONE' }) }) })],
    ['a condition as a whole', stack => newTask(stack, { includes: Fn.conditionIf('C', [{ FilterType: 'SIMPLE_PATTERN', Value: '/a' }], { Ref: 'AWS::NoValue' }) })],
    ['name nodes', stack => new CfnLocationHDFS(stack, 'Hdfs', {
      agentArns: ['a'], authenticationType: 'SIMPLE', nameNodes: [{ hostname: 'h', port: 1 }, { hostname: Fn.importValue('Host'), port: 2 }], subdirectory: '/x',
    })],
  ])('%s', (_, make) => {
    const resource = make(newStack());
    expect(fieldsOf(resource)).toEqual(inTemplate(resource));
  });
});

function over(resource: CfnResource, path: string, value: unknown): CfnResource {
  resource.addPropertyOverride(path, value);
  return resource;
}

test.each<[string, object, string]>([
  ['a member that is set', { nfs: { mountOptions: {} } }, 'NFS'],
  ['a lazy member', Lazy.any({ produce: () => ({ smb: { user: 'me', password: 'secret', mountOptions: {} } }) }), 'SMB'],
  ['a condition', Fn.conditionIf('C', { SMB: { User: 'me', Password: 'secret' } }, { NFS: {} }), 'known at deployment'],
])('of a choice only the name of what is chosen is read: %s', (_, protocol, expected) => {
  const resource = new CfnLocationFSxONTAP(newStack(), 'Ontap', { securityGroupArns: [], storageVirtualMachineArn: 'svm', protocol });
  expect(fieldsOf(resource)).toEqual({ StorageVirtualMachineArn: 'svm', Protocol: expected });
});

describe('the resource behind an ARN', () => {
  test.each<[string, (task: CfnTask) => unknown, boolean]>([
    ['a reference', task => task.ref, true],
    ['an attribute', task => task.attrTaskArn, true],
    ['another attribute', task => task.attrStatus, false],
    ['a part of a text', task => `${task.ref}/x`, false],
    ['an import', () => Fn.importValue('Task'), false],
    ['a literal', () => 'arn:aws:datasync:us-east-1:111122223333:task/task-0123456789abcdef0', false],
    ['nothing', () => undefined, false],
  ])('of %s', (_, arn, found) => {
    const task = newTask(newStack());
    expect(resourceBehind(arn(task))).toBe(found ? task : undefined);
  });

  test('of a lazy reference, where there is something to resolve it with', () => {
    const stack = newStack();
    const task = newTask(stack);
    const arn = Lazy.string({ produce: () => task.ref });
    let found: unknown;
    stack.resolve(Lazy.uncachedAny({ produce: context => { found = resourceBehind(arn, context); } }));
    expect(found).toBe(task);
    expect(resourceBehind(arn)).toBeUndefined();
  });
});
