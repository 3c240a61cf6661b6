import type { CfnResource } from 'aws-cdk-lib';
import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Effect, Policy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { waiterDefinition } from './definition';
import { policyOfGivenRole } from '../../private/given-role';
import { LOG_DELIVERY, TRACES, WAIT_EXECUTION, WAIT_MACHINE } from '../../private/permissions';

export interface WaiterProps {
  /** The function behind the custom resource, which takes the steps as well. */
  readonly lambdaFunction: IFunction;
  /** Its role, which gets the right to start waits, to look for them and to stop them. */
  readonly role: IRole;
  readonly description: string;
  /** The role of the machine. One is made when there is none. */
  readonly machineRole?: IRole;
  /** Where the machine writes its events, without their data: the input holds the URL by which CloudFormation is answered. */
  readonly logGroup?: ILogGroup;
  /** Whether X-Ray traces the machine. */
  readonly tracing?: boolean;
}

/**
 * Lets a custom resource wait, for up to 55 minutes, without a function that runs meanwhile: a state machine that calls the resource's own
 * function until it has answered CloudFormation.
 *
 * The machine refers to the function, so the function must not know the machine, nor may anything that the function waits for: its ARN
 * travels in the properties of the custom resource, and the right to start it stands in a policy of its own, not in that of the role.
 */
export class Waiter extends Construct {
  /** The function behind the custom resource. */
  public readonly functionArn: string;

  private readonly stateMachine: CfnStateMachine;
  private readonly policy: Policy;

  constructor(scope: Construct, id: string, props: WaiterProps) {
    super(scope, id);
    const { lambdaFunction, role, description, machineRole, logGroup, tracing } = props;
    this.functionArn = lambdaFunction.functionArn;
    const statements = [
      allow(['lambda:InvokeFunction'], lambdaFunction.functionArn),
      ...logGroup ? [allow(LOG_DELIVERY, '*')] : [], // the service supports nothing narrower
      ...tracing ? [allow(TRACES, '*')] : [], // the same
    ];
    const ownRole = machineRole ?? new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description,
      inlinePolicies: { Invoke: new PolicyDocument({ statements }) }, // there from the beginning, with no resource of its own
    });
    this.stateMachine = new CfnStateMachine(this, 'StateMachine', {
      stateMachineType: 'STANDARD', // the other type knows no names of executions
      roleArn: ownRole.roleArn,
      definition: waiterDefinition(lambdaFunction.functionArn),
      loggingConfiguration: logGroup && { level: 'ALL', includeExecutionData: false, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logGroup.logGroupArn } }] },
      tracingConfiguration: tracing ? { enabled: true } : undefined,
    });
    if (machineRole) {
      const { policy, isAttached } = policyOfGivenRole(this, 'MachinePolicy', machineRole, 'the state machine');
      policy.addStatements(...statements);
      if (isAttached) this.stateMachine.node.addDependency(policy);
    }

    const executions = Stack.of(this).formatArn({
      service: 'states', resource: 'execution', resourceName: `${this.stateMachine.attrName}:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.policy = new Policy(this, 'Policy', {
      statements: [
        allow(WAIT_MACHINE, this.stateMachine.ref),
        allow(WAIT_EXECUTION, executions),
      ],
      roles: [role],
    });
  }

  /** What a custom resource that waits gives its function as a property. */
  public get stateMachineArn(): string {
    return this.stateMachine.ref;
  }

  /** A custom resource that waits is made after the right to do so, and deleted before it. */
  public precede(resource: CfnResource): void {
    resource.node.addDependency(this.policy);
  }
}

function allow(actions: string[], resource: string): PolicyStatement {
  return new PolicyStatement({ effect: Effect.ALLOW, actions, resources: [resource] });
}
