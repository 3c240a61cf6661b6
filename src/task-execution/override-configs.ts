import type { IRole } from 'aws-cdk-lib/aws-iam';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct, IDependable } from 'constructs';
import type { WireConfig, WireStartRequest } from './contract';
import { NO_CONFIG } from './contract';
import type { TaskExecutionFunction } from './provider/task-execution-function';
import type { StartTaskExecutionOptions } from './start-task-execution-options';
import { policyOfGivenRole } from '../private/given-role';
import { PASS_ROLE, SERVICE_PRINCIPAL } from '../private/permissions';
import type { BoundConfig } from '../private/service-role';

/** The manifest and the report of one execution, and what has to be in place before it starts with them. */
export interface OverrideConfigs {
  readonly wire: Pick<WireStartRequest, 'ManifestConfig' | 'TaskReportConfig'>;
  readonly dependables: IDependable[];
}

/** Makes what the service needs for the manifest and the report of one execution, and lets the function that starts it pass their roles. */
export function bindOverrideConfigs(
  scope: Construct, starter: TaskExecutionFunction, { manifest, taskReport }: StartTaskExecutionOptions,
): OverrideConfigs {
  const [list, report] = [manifest?._bind(scope), taskReport?._bind(scope)];
  const roles = [list, report].flatMap(bound => bound?.role ?? []);
  return {
    wire: { ManifestConfig: manifest && wireConfig(list), TaskReportConfig: taskReport && wireConfig(report) },
    dependables: [...list?.dependables ?? [], ...report?.dependables ?? [], ...roles.length > 0 ? letPass(scope, starter, roles) : []],
  };
}

/**
 * In a policy of its own: in that of the function it would be in place before anything that the stack starts, and so these roles, of a start that
 * comes after another, would have to be as well.
 */
function letPass(scope: Construct, starter: TaskExecutionFunction, roles: IRole[]): IDependable[] {
  const { policy, isAttached } = policyOfGivenRole(scope, 'PassRolePolicy', starter.role, 'the function');
  policy.addStatements(new PolicyStatement({
    actions: PASS_ROLE,
    resources: roles.map(({ roleArn }) => roleArn),
    conditions: { StringEquals: { 'iam:PassedToService': SERVICE_PRINCIPAL } },
  }));
  return isAttached ? [policy] : [];
}

function wireConfig(bound: BoundConfig<object> | undefined): WireConfig {
  return bound ? underApiNames(bound.config) as WireConfig : NO_CONFIG;
}

/** Members of the L1 are those of the API, with a small letter. */
function underApiNames(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name[0].toUpperCase() + name.slice(1), underApiNames(member)]));
}
