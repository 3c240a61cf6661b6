import type { Duration } from 'aws-cdk-lib';
import { CfnResource, RemovalPolicy } from 'aws-cdk-lib';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { Construct } from 'constructs';
import { WAITED_SERVICE_TIMEOUT } from '../../custom-resource/waiter/contract';
import type { Waiter } from '../../custom-resource/waiter/waiter';
import { applyConditionOf } from '../../private/conditions';
import type { WireTaskExecutionWaitProperties } from '../contract';
import { COMPLETION_TIMEOUT, WAIT_RESOURCE_TYPE } from '../contract';
import type { OnTimeout } from '../on-timeout';

export interface WaitChainProps {
  readonly task: aws_datasync.ITaskRef;
  /** The custom resource of the start. */
  readonly start: CfnResource;
  readonly taskExecutionArn: string;
  readonly waiter: Waiter;
  /** From the start of the execution. */
  readonly timeout: Duration;
  readonly onTimeout: OnTimeout;
}

/**
 * Waits longer than one request of CloudFormation can: a link for each 50 minutes, one after the other. CloudFormation updates a link exactly when
 * another execution was started, whatever the reason. A wait condition could not be used: it does not see what only the deployment knows, and
 * its old signals cannot be told from new ones.
 *
 * @returns the last link, which has the attributes
 */
export function waitChain(scope: Construct, props: WaitChainProps): CfnResource {
  const { task, start, taskExecutionArn, waiter, timeout, onTimeout } = props;
  const seconds = Math.ceil(timeout.toSeconds({ integral: false }));
  const count = Math.ceil(seconds / COMPLETION_TIMEOUT.link);
  let previous = start;
  for (let n = 1; n <= count; n++) {
    const link = new CfnResource(scope, `Wait${n}`, {
      type: WAIT_RESOURCE_TYPE,
      properties: {
        ServiceToken: waiter.functionArn,
        ServiceTimeout: String(WAITED_SERVICE_TIMEOUT),
        ...{
          TaskExecutionArn: taskExecutionArn,
          Start: start.logicalId,
          Waiter: waiter.stateMachineArn,
          CompletionTimeout: String(seconds),
          OnTimeout: onTimeout,
          HasNext: n < count ? 'true' : undefined,
        } satisfies WireTaskExecutionWaitProperties,
      },
    });
    link.applyRemovalPolicy(RemovalPolicy.DESTROY);
    waiter.precede(link);
    link.node.addDependency(previous);
    applyConditionOf(link, task);
    previous = link;
  }
  return previous;
}
