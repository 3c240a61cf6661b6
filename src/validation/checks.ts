import type { CfnResource, Duration, ITaggable } from 'aws-cdk-lib';
import { Stack, Token } from 'aws-cdk-lib';
import type { IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import { refuseDates } from './date-rules';
import { Problems, show } from './problems';
import { charactersOf, OWN_TAGS, TAG_PREFIX, TAGS_MAX, USER_TAGS_MAX } from '../task-execution/contract';
import { withSampleDates } from '../task-execution/date-pattern';

/** Checks of single values. All of them let values pass that are only known at deployment. */

export function checkText(problems: Problems, property: string, value: string | undefined, rule: TextRule): void {
  if ((value === undefined && !rule.required) || isKnownLater(value)) return;
  if (value === undefined) { // such as an environment variable that is not set, of which the user says to the compiler that it is
    problems.add(property, 'is missing', rule.remedy);
    return;
  }
  const subject = `${property} ${show(value)}`;
  if (typeof value !== 'string') { // from callers without a compiler
    problems.add(subject, 'must be a text', rule.remedy);
    return;
  }
  const text = rule.becomes?.(value) ?? value;
  if (text.length < (rule.min ?? 1)) {
    problems.add(subject, 'must not be empty', rule.emptyRemedy ?? rule.remedy);
  } else if (charactersOf(text) > rule.max) {
    problems.add(subject, `must have at most ${rule.max} characters, has ${charactersOf(text)}`, 'shorten it');
  } else if (rule.pattern && !rule.pattern.test(text)) {
    problems.add(subject, rule.says ?? `must match ${rule.pattern.source}`, rule.remedy);
  }
}

/** Whether only the deployment knows a value: of a token, or of a dynamic reference, which is plain text as well. */
export function isKnownLater(value: unknown): boolean {
  return Token.isUnresolved(value) || typeof value === 'string' && value.includes('{{resolve:');
}

/** CloudFormation does not resolve these in a custom resource, so the secret itself is never there; its reference need not be either. */
const SECRET = /\{\{resolve:(secretsmanager|ssm-secure):/;

export function refersToSecret(rendered: unknown): boolean {
  return SECRET.test(JSON.stringify(rendered) ?? '');
}

export interface TextRule {
  /** @default - it may be undefined */
  readonly required?: boolean;
  readonly min?: number;
  readonly max: number;
  readonly pattern?: RegExp;
  /** What the pattern asks for, in words. */
  readonly says?: string;
  readonly remedy: string;
  /** Where it differs for an empty text. */
  readonly emptyRemedy?: string;
  /** What counts, where the service gets another text than the user typed. */
  readonly becomes?: (value: string) => string;
}

export function checkInteger(
  problems: Problems, property: string, value: number | undefined, min: number, max: number, unit: string, remedy: string,
): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `between ${min} and ${max}`;
    problems.add(`${property} ${typeof value === 'number' ? value : show(value)}`, `must be a whole number of ${unit}, ${range}`, remedy);
  }
}

export function checkDuration(problems: Problems, property: string, value: Duration | undefined, min: Duration, max: Duration): void {
  if (value === undefined) return;
  if (typeof value?.isUnresolved !== 'function') { // from callers without a compiler
    problems.add(`${property} ${show(value)}`, 'must be a Duration', 'use one such as Duration.minutes(5)');
    return;
  }
  if (value.isUnresolved()) return;
  const seconds = value.toMilliseconds() / 1000;
  if (seconds < min.toSeconds() || seconds > max.toSeconds()) {
    problems.add(`${property} ${value.toHumanString()}`, `must be between ${min.toHumanString()} and ${max.toHumanString()}`, 'choose a duration in that range');
  }
}

/** Of use to callers without a compiler. */
export function checkMember(problems: Problems, property: string, value: string | undefined, members: object): void {
  if (value === undefined || isKnownLater(value) || Object.values(members).includes(value)) return;
  problems.add(`${property} ${show(value)}`, `must be one of ${Object.values(members).join(', ')}`, 'use a member of the enum');
}

/** The same for classes in place of enums, of which there may be two copies. */
export function checkClass(problems: Problems, property: string, member: { readonly value: string } | undefined, name: string): void {
  if (member === undefined || typeof member?.value === 'string') return;
  problems.add(`${property} ${show(member)}`, `must be a member of ${name}`, `use one, or ${name}.of()`);
}

/** What can check itself, as a part of a construct. */
interface CheckedValue {
  _check(scope: IConstruct, problems: Problems, scheduled?: boolean): void;
}

/**
 * Has a value of a class of this library checked, if there is one.
 *
 * @param madeBy how it is made, for callers without a compiler who give something else
 * @param scheduled whether there is a scheduled time, of which texts may have dates
 */
export function checkValue(
  problems: Problems, scope: IConstruct, property: string, value: CheckedValue | undefined, madeBy: string, scheduled?: boolean,
): void {
  if (value === undefined) return;
  if (typeof value?._check === 'function') value._check(scope, problems, scheduled);
  else problems.add(`${property} ${show(value)}`, `must be made by ${madeBy}`, 'write it so');
}

/**
 * For callers without a compiler, and for those in Python, whose types let an L1 pass in the place of an interface: of a construct of another kind
 * nothing else could be checked.
 *
 * @param member what every construct of the kind has
 * @param remedy what to give in its place
 * @throws DataSyncValidationError when it is of another kind
 */
export function requireKind(scope: IConstruct, property: string, value: unknown, member: string, remedy: string): void {
  if ((value as { readonly [name: string]: unknown } | null | undefined)?.[member] !== undefined) return;
  const problems = new Problems(scope.node.path);
  if (value === undefined) problems.add(property, 'is missing', remedy);
  else problems.add(`${property} ${show(value)}`, 'is of another kind', remedy);
  problems.throwIfAny();
}

/** A task of this library, which has metrics, and no L1. */
export function requireTask(scope: IConstruct, property: string, task: unknown): void {
  requireKind(scope, property, task, 'taskId', 'give a Task; of an L1 one is made by Task.fromTaskArn()');
}

/** For apps in Python, whose types let an L1 pass in the place of a security group: its id would be left out. */
export function requireSecurityGroups(scope: IConstruct, property: string, groups: readonly unknown[] | undefined): void {
  groups?.forEach((group, index) => requireSecurityGroup(scope, `${property}[${index}]`, group));
}

export function requireSecurityGroup(scope: IConstruct, property: string, group: unknown): void {
  requireKind(scope, property, group, 'securityGroupId', 'give a SecurityGroup; of an L1 one is made by SecurityGroup.fromSecurityGroupId()');
}

export function checkCount(problems: Problems, property: string, values: unknown[] | undefined, min: number, max: number, what: string): void {
  if (values === undefined || Token.isUnresolved(values)) return;
  if (values.length < min || values.length > max) {
    problems.add(`${property} (${values.length} given)`, `must have between ${min} and ${max} ${what}`, values.length < min ? 'add one' : 'remove some');
  }
}

/**
 * What can only be used from its own account and Region.
 *
 * @param env where it is, of an import that tells it by its ARN only
 */
export function checkEnvironment(
  problems: Problems, scope: IConstruct, property: string, resource: IConstruct & IEnvironmentAware, env = resource.env,
): void {
  checkAccount(problems, scope, property, resource, env);
  if (isElsewhere(env.region, Stack.of(scope).region)) {
    problems.add(`${property} ${show(resource.node.path)}`, `is in the Region ${env.region}, this stack is in ${Stack.of(scope).region}`, 'use both from one Region');
  }
}

/** What can only be used from its own account. */
export function checkAccount(
  problems: Problems, scope: IConstruct, property: string, resource: IConstruct & IEnvironmentAware, env = resource.env,
): void {
  if (isElsewhere(env.account, Stack.of(scope).account)) {
    problems.add(`${property} ${show(resource.node.path)}`, `is in the account ${env.account}, this stack is in ${Stack.of(scope).account}`, 'use both from one account');
  }
}

/** Whether two accounts or Regions are known, and known to differ. */
export function isElsewhere(theirs: string | undefined, ours: string): boolean {
  return theirs !== undefined && !Token.isUnresolved(theirs) && !Token.isUnresolved(ours) && theirs !== ours;
}

/** Prefixes and keys in S3, as the service takes them. */
export const S3_PATH_RULE = {
  pattern: /^[a-zA-Z0-9_\-+./()\p{Zs}]*$/u,
  says: 'may only contain letters and digits of ASCII, spaces and _ - + . / ( )',
} as const;

/** Names of agents and tasks, and values of tags. */
export const NAME_RULE: TextRule = {
  max: 256,
  pattern: /^[a-zA-Z0-9\s+=._:@/-]+$/,
  says: 'may only contain letters, digits, white space and + = . _ : @ / -',
  remedy: 'use a name such as "Nightly copy", or leave it out',
};

const TAG_KEY_RULE: TextRule = {
  max: 256,
  pattern: /^(?!aws:)[a-zA-Z0-9\s+=._:/-]+$/,
  says: 'may only contain letters, digits, white space and + = . _ : / -, and must not begin with "aws:"',
  remedy: 'choose another key',
};

/**
 * Tags of an execution: the service allows 50, some of which the library needs to recognize its own executions.
 *
 * @param scheduled whether there is a scheduled time, of which values may have dates
 */
export function checkExecutionTags(problems: Problems, property: string, tags: { [key: string]: string } | undefined, scheduled: boolean): void {
  if (tags === undefined || Token.isUnresolved(tags)) return;
  checkCount(problems, property, Object.keys(tags), 0, USER_TAGS_MAX, `tags (the service allows ${TAGS_MAX}, ${OWN_TAGS} are the library's own)`);
  for (const [key, value] of Object.entries(tags)) {
    checkTag(problems, property, key, value);
    if (!scheduled) refuseDates(problems, { [`${property}[${show(key)}]`]: value });
    if (key.startsWith(TAG_PREFIX)) {
      problems.add(`key of ${property} ${show(key)}`, `must not begin with "${TAG_PREFIX}", which is how the library recognizes its own executions`, 'choose another key');
    }
  }
}

/** Tags of a resource, which come from `Tags.of()` at any place above it and at any time: checked when the template is made. */
export function checkTags(scope: IConstruct, { cfnResourceType, tags }: Pick<CfnResource, 'cfnResourceType'> & ITaggable, ownTags = 0): void {
  scope.node.addValidation({
    validate: () => {
      const problems = new Problems();
      const own = tags.tagValues();
      const values = Object.entries({ ...stackTags(scope), ...own });
      checkCount(problems, 'tags', values, 0, TAGS_MAX - ownTags, ownTags ? `tags (the service allows ${TAGS_MAX}, ${ownTags} are the library's own)` : 'tags');
      for (const [key, value] of values) {
        checkTag(problems, 'tags', key, value, key in own ? excludeTagRemedy(scope, cfnResourceType, key) : 'leave it out of the tags of the stack');
      }
      return problems.texts;
    },
  });
}

/** CloudFormation hands the tags of a stack down to its resources, and to its nested stacks. */
function stackTags(scope: IConstruct): { [key: string]: string } {
  const { nestedStackParent, tags } = Stack.of(scope);
  return { ...nestedStackParent && stackTags(nestedStackParent), ...tags.tagValues() };
}

/** How to have a tag on everything but what is of the service. */
function excludeTagRemedy(scope: IConstruct, resourceType: string, key: string): string {
  const onStack = key in stackTags(scope);
  const types = [resourceType, ...onStack ? ['aws:cdk:stack'] : []].map(type => `'${type}'`).join(', ');
  return `keep it from what is of the service: Tags.of(...).add(..., { excludeResourceTypes: [${types}] })`
    + (onStack ? '' : `, or Tags.of(construct).remove('${key}')`);
}

function checkTag(problems: Problems, property: string, key: string, value: string, otherwise?: string): void {
  const remedy = (what: string) => [what, otherwise].filter(Boolean).join(', or ');
  checkText(problems, `key of ${property}`, key, { ...TAG_KEY_RULE, remedy: remedy('choose another key') });
  const without = otherwise ? '' : ', or leave out the tag';
  checkText(problems, `${property}[${show(key)}]`, value, {
    ...NAME_RULE, becomes: withSampleDates, remedy: remedy(`leave out the other characters${without}`), emptyRemedy: remedy(`give it a value${without}`),
  });
}
