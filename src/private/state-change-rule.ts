import { Stack } from 'aws-cdk-lib';
import type { MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { OnEventOptions } from 'aws-cdk-lib/aws-events';
import { Match, Rule } from 'aws-cdk-lib/aws-events';
import type { IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import { checkClass, isElsewhere } from '../validation/checks';
import { Problems } from '../validation/problems';
import { warn } from '../validation/warnings';

/** Events of the service that something got into another state. */
export interface StateChange {
  /** What the event is called. */
  readonly detailType: 'DataSync Agent State Change' | 'DataSync Task State Change' | 'DataSync Task Execution State Change';
  /**
   * What the ARN of the event's resource begins with. Not the ARN as a whole: it is documented neither which ARN it is nor that it is the only one.
   */
  readonly arnPrefix: string;
  /** Class of the states. */
  readonly className: string;
  /** All of them without it. */
  readonly states?: Array<{ readonly value: string }>;
}

/** What sends events, where its ARN says that it is. */
type Subject = IConstruct & IEnvironmentAware;

/** A rule for such events, in the stack of the construct that they are about unless the options name another. */
export function stateChangeRule(subject: Subject, id: string, change: StateChange, options: OnEventOptions = {}): Rule {
  const { detailType, arnPrefix, className, states } = change;
  const { target, eventPattern, crossStackScope = subject, ...props } = options;
  const problems = new Problems(`${crossStackScope.node.path}/${id}`);
  if (states?.length === 0) problems.add('states []', 'names no state, so the rule would match nothing', 'name one, or leave states out to react to all of them');
  states?.forEach((state, index) => checkClass(problems, `states[${index}]`, state, className));
  problems.throwIfAny();
  const rule = new Rule(crossStackScope, id, props);
  rule.addEventPattern(eventPattern);
  rule.addEventPattern({
    source: ['aws.datasync'],
    detailType: [detailType],
    resources: Match.prefix(arnPrefix),
    detail: states && { State: states.map(({ value }) => value) },
  });
  rule.addTarget(target);
  warnOfOtherEnvironment(subject, rule);
  return rule;
}

/** Of an import by its ARN, most likely. Somebody may forward the events, so that it is no error. */
function warnOfOtherEnvironment({ node, env }: Subject, rule: Rule): void {
  const { account, region } = Stack.of(rule);
  const isInRegion = !isElsewhere(env.region, region);
  if (isInRegion && !isElsewhere(env.account, account)) return;
  const [what, there, here] = isInRegion ? ['account', env.account, account] : ['Region', env.region, region];
  warn(rule, 'eventsElsewhere', `events of ${node.path} come in the ${what} ${there} only, and the rule ${rule.node.path} is in ${here}, so that it matches nothing `
    + `unless somebody forwards them; make it in a stack of that ${what}`);
}

/**
 * How often such an event came: there is no metric of it, but one of the rules that it matches. The rule is made with the first metric, and has no
 * target.
 */
export function stateChangeMetric(subject: Subject, id: string, change: StateChange, options: MetricOptions = {}): Metric {
  const rule = subject.node.tryFindChild(id) as Rule | undefined
    ?? stateChangeRule(subject, id, change, { description: `Counts: ${change.detailType}, ${change.states}` });
  return new Metric({
    namespace: 'AWS/Events',
    metricName: 'TriggeredRules',
    dimensionsMap: { RuleName: rule.ruleName },
    statistic: Stats.SUM,
    ...options,
  }).attachTo(rule);
}
