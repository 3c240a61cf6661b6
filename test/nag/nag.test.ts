import type { Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { everything, isOfLibrary } from '../support/everything';

/** What AwsSolutions finds in all that the library makes, without the name of the stack, and why that is right. */
const ACKNOWLEDGED: Array<{ readonly finding: RegExp; readonly reason: string }> = [
  {
    finding: /^\w+\/(Report)?Role AwsSolutions-IAM5\[Resource::<(\w*Bucket[0-9A-F]{8}\.Arn>|\w*AccessPoint\.Arn>\/object)\/([\w-]+\/)?\*\]$/,
    reason: 'a transfer works with any object below the prefix of its location, and names its reports itself',
  },
  {
    finding: /^@DataSyncTaskExecution\/On\w+\/Role AwsSolutions-IAM5\[Resource::<\w+>\/execution\/\*\]$/,
    reason: 'the id of an execution is not known before it starts',
  },
  {
    finding: /^@DataSyncTaskExecution\/On\w+\/Role AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:datasync:<AWS::Region>:<AWS::AccountId>:task\/\*\/execution\/\*\]$/,
    reason: 'a task may leave the template before its execution is cancelled; only what the stack or a schedule has started, which its tag tells, may be',
  },
  {
    finding: /^@DataSyncAgentActivation\/Role AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:datasync:<AWS::Region>:<AWS::AccountId>:agent\/\*\]$/,
    reason: 'the service makes the id of an agent; only agents of the stack, which their tag tells, may be changed or deleted',
  },
  {
    finding: /^@DataSync\w+\/\w+(\/\w+)?\/?Role AwsSolutions-IAM5\[Resource::\*\]$|^@DataSyncAgentActivation\/Role AwsSolutions-IAM5\[Resource::\*\]$/,
    reason: 'the services support nothing narrower for lists, for the making of agents, and for network interfaces of functions',
  },
  {
    finding: /^@DataSync\w+\/Waiter\/Policy AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<\w+StateMachine[0-9A-F]{8}\.Name>:\*\]$/,
    reason: 'the executions of one state machine, whose names are those of requests',
  },
  {
    finding: /^ListedStart\/(Manifest|Report)Role AwsSolutions-IAM5\[Resource::<ListBucket[0-9A-F]{8}\.Arn>\/(lists\/\*\.csv|reports\/\*\/\*)\]$/,
    reason: 'a date in the key is not known before the start',
  },
  { finding: /^It\d\/Role AwsSolutions-IAM5\[Resource::\*\]$/, reason: 'STS has no resources: a token of federated identity is for nobody in AWS' },
  { finding: /^@DataSync\w+\/(\w+\/)?Function AwsSolutions-L1$/, reason: 'Node.js 22 is in support in every Region, which the newest runtime need not be' },
  {
    finding: /^@DataSync\w+\/Waiter\/StateMachine AwsSolutions-SF[12]$/,
    reason: 'log and traces of the state machine are settings: its steps are those of the function, which has a log, and it carries no data',
  },
  {
    finding: /^(Public|Private)Agent\/Instance\w* AwsSolutions-EC26$/,
    reason: 'the image of the service has its disk, and CDK encrypts none that it does not define; EBS encryption by default is a setting of the account',
  },
  { finding: /^(Public|Private)Agent\/Instance\w* AwsSolutions-EC28$/, reason: 'the service itself watches its agents; detailed monitoring of the instance costs extra' },
  {
    finding: /^(Public|Private)Agent\/Instance\w* AwsSolutions-EC29$/,
    reason: 'an agent holds nothing that cannot be made again: the same deployment makes another one',
  },
];

function findingsOf(stack: Stack): string[] {
  const constructAt = (path: string) => path.split('/').slice(1).reduce<IConstruct | undefined>((parent, id) => parent?.node.tryFindChild(id), stack);
  return new AwsSolutionsChecks().validateScope(stack).violations.flatMap(({ ruleName, violatingResources }) => violatingResources
    .map(({ constructPath }) => constructPath!)
    .filter(path => isOfLibrary(constructAt(path)!)) // what else there is, is the user's
    .map(path => `${path.replace(/(\/DefaultPolicy)?\/Resource$/, '').replace(/^\w+\//, '')} ${ruleName}`));
}

const findings = everything().flatMap(findingsOf);

test('AwsSolutions finds nothing but what is acknowledged with a reason', () => {
  expect(findings.filter(found => !ACKNOWLEDGED.some(({ finding }) => finding.test(found)))).toEqual([]);
});

test.each(ACKNOWLEDGED)('the acknowledgement is of something: $reason', ({ finding }) => {
  expect(findings.filter(found => finding.test(found))).not.toEqual([]);
});
