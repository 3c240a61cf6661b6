import { AwsSolutionsChecks } from 'cdk-nag';
import { showcase } from '../support/showcase';

const OBJECTS = 'a transfer works with any object below the prefix of its location';
const EXECUTIONS = 'the id of an execution is not known before it starts';
const REMOVED = 'a task may leave the template, and the policy, before CloudFormation asks to cancel its execution; only what the stack started may be cancelled';
const TWICE = 'one statement for all tasks; only what a schedule has started, which its tag tells, may be cancelled: a second execution of one scheduled time';
const LIST = 'the service supports nothing narrower for this operation';
const VERSIONS = 'CDK lets the scheduler invoke that one function in any version';
const RUNTIME = 'Node.js 22 is in support in every Region, which the newest runtime need not be';

const ON_DEPLOY = 'Showcase/@DataSyncTaskExecution/OnDeploy';
const ON_SCHEDULE = 'Showcase/@DataSyncTaskExecution/OnSchedule';

/** What AwsSolutions finds in all that the library creates, and why that is right. Anything else fails, and so does a reason without a finding. */
const ACKNOWLEDGED: { [finding: string]: string } = {
  'Showcase/Inbox/Role AwsSolutions-IAM5[Resource::<InboxBucket637291F4.Arn>/in/*]': OBJECTS,
  'Showcase/Archive/Role AwsSolutions-IAM5[Resource::<ArchiveBucket9DECBF5D.Arn>/*]': OBJECTS,
  [`${ON_DEPLOY}/Role AwsSolutions-IAM5[Resource::*]`]: LIST,
  [`${ON_DEPLOY}/Role AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:datasync:<AWS::Region>:<AWS::AccountId>:task/*/execution/*]`]: REMOVED,
  [`${ON_DEPLOY}/Role AwsSolutions-IAM5[Resource::<Upload51C4D210>/execution/*]`]: EXECUTIONS,
  [`${ON_DEPLOY}/Role AwsSolutions-IAM5[Resource::<Copy1ED8A51E>/execution/*]`]: EXECUTIONS,
  [`${ON_DEPLOY}/Function AwsSolutions-L1`]: RUNTIME,
  [`${ON_SCHEDULE}/Role AwsSolutions-IAM5[Resource::*]`]: LIST,
  [`${ON_SCHEDULE}/Role AwsSolutions-IAM5[Resource::<Copy1ED8A51E>/execution/*]`]: EXECUTIONS,
  [`${ON_SCHEDULE}/Role AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:datasync:<AWS::Region>:<AWS::AccountId>:task/*/execution/*]`]: TWICE,
  [`${ON_SCHEDULE}/Function AwsSolutions-L1`]: RUNTIME,
  'Showcase/SchedulerRoleForTarget-8a8350 AwsSolutions-IAM5[Resource::<DataSyncTaskExecutionOnScheduleFunction5CF73AA1.Arn>:*]': VERSIONS,
};

test('AwsSolutions finds nothing but what is acknowledged with a reason', () => {
  const { violations } = new AwsSolutionsChecks().validateScope(showcase());
  const found = violations.flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) =>
    `${constructPath?.replace(/(\/DefaultPolicy)?\/Resource$/, '')} ${ruleName}`));
  expect(found.sort()).toEqual(Object.keys(ACKNOWLEDGED).sort());
});
