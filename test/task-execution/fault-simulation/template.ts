import { shapeOf } from './fake-datasync';
import { chainOf, FIRST, SECOND } from './scenario';
import type { Change, Scenario } from './scenario';
import { WAITED_SERVICE_TIMEOUT } from '../../../src/custom-resource/waiter/contract';
import { SERVICE_TIMEOUT } from '../../../src/task-execution/contract';

/** What the template says about our resource. */
export interface Template {
  readonly logicalId: string;
  readonly filter: boolean;
  readonly option: boolean;
  readonly folder: boolean;
  readonly trigger: boolean;
  readonly label: boolean;
  readonly taskArn: string;
  /** Differs at every synthesis with RunOn.EVERY_DEPLOYMENT. */
  readonly deployment: number;
}

/** The machine with which the end is waited for: a stack that is created anew has another one. */
export function waiterOf(stackId: string): string {
  return `arn:aws:states:us-east-1:111122223333:stateMachine:Waiter-${stackId.slice(-12)}`;
}

/** Seconds that CloudFormation waits for an answer. */
export function serviceTimeoutOf({ completion, onDelete }: Scenario, logicalId: string): number {
  return completion ?? (logicalId === FIRST && onDelete) ? WAITED_SERVICE_TIMEOUT : SERVICE_TIMEOUT;
}

/** A change turns something over, so that the second one brings back what was before. */
export function changed(template: Template, changes: readonly Change[]): Template {
  const turned = (name: Exclude<Change, 'task'>) => template[name] !== changes.includes(name);
  return {
    ...template, filter: turned('filter'), option: turned('option'), folder: turned('folder'), trigger: turned('trigger'), label: turned('label'),
  };
}

/** The properties as CloudFormation sends them: every value a text. */
export function propertiesOf(template: Template, scenario: Scenario, stackId = ''): Record<string, unknown> {
  const { ifRunning, runOn, completion, onDelete } = scenario;
  const { logicalId } = template;
  const patterns = [...logicalId === SECOND ? ['/second'] : [], ...template.filter ? ['/folder1'] : []];
  const values = {
    Version: '1',
    Task: { TaskMode: 'BASIC' },
    Source: { Type: 'AWS::DataSync::LocationNFS', ServerHostname: 'files.example.com', Subdirectory: template.folder ? '/other' : '/data' },
    Destination: { Type: 'AWS::DataSync::LocationS3', S3BucketArn: 'arn:aws:s3:::landing', Subdirectory: '/' },
  };
  return {
    ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:App-Starter',
    ServiceTimeout: String(serviceTimeoutOf(scenario, logicalId)),
    TaskArn: template.taskArn,
    ...(template.option ? { OverrideOptions: { VerifyMode: 'NONE', BytesPerSecond: '1000' } } : {}),
    ...(patterns.length > 0 ? { Includes: [{ FilterType: 'SIMPLE_PATTERN', Value: patterns.join('|') }] } : {}),
    Tags: [{ Key: 'label', Value: String(template.label) }],
    IfRunning: ifRunning,
    RunOn: runOn,
    Values: values,
    ...(template.trigger ? { Triggers: { data: '2' } } : { Triggers: { data: '1' } }),
    ...(completion ? { Waiter: waiterOf(stackId), CompletionTimeout: String(completion.timeout), OnTimeout: completion.onTimeout } : {}),
    ...(logicalId === FIRST && chainOf(scenario).count > 0 ? { WaitsForEnd: 'true' } : {}),
    ...(logicalId === FIRST && onDelete
      ? { OnDelete: { Waiter: waiterOf(stackId), Timeout: String(onDelete.timeout), OnFailure: onDelete.onFailure } } : {}),
    ...(runOn === 'EVERY_DEPLOYMENT' ? { Deployment: `deployment-${template.deployment}` } : {}),
  };
}

/** The properties of the link of a number. */
export function linkPropertiesOf(n: number, arn: string, start: string, scenario: Scenario, stackId: string): Record<string, unknown> {
  const { count, timeout, onTimeout } = chainOf(scenario);
  return {
    ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:App-Starter',
    ServiceTimeout: String(WAITED_SERVICE_TIMEOUT),
    TaskExecutionArn: arn,
    Start: start,
    Waiter: waiterOf(stackId),
    CompletionTimeout: String(timeout),
    OnTimeout: onTimeout,
    ...n < count - 1 && { HasNext: 'true' },
  };
}

/** All that decides whether two templates ask for the same transfer; which task does it is another matter. */
export function settingsOf({ filter, option, folder, trigger, deployment }: Template, { runOn }: Scenario): string {
  const on = Object.entries({ filter, option, folder, trigger }).filter(([, value]) => value).map(([name]) => name).join(' + ') || 'plain';
  return runOn === 'EVERY_DEPLOYMENT' ? `${on}, deployment ${deployment}` : on;
}

/** What the service can see of it in an execution. */
export function shapeFor(template: Template): string {
  const properties = propertiesOf(template, { ifRunning: 'QUEUE', runOn: 'CHANGE' } as Scenario) as any;
  return shapeOf({ OverrideOptions: properties.OverrideOptions, Includes: properties.Includes });
}
