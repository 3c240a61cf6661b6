import { ArnFormat, CfnResource, Stack } from 'aws-cdk-lib';
import { Effect, IRole, Policy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { waiterDefinition } from './definition';
import { WAIT_EXECUTION, WAIT_MACHINE } from '../../private/permissions';

export interface WaiterProps {
  /** The function behind the custom resource, which takes the steps as well. */
  readonly lambdaFunction: IFunction;
  /** Its role, which gets the right to start waits, to look for them and to stop them. */
  readonly role: IRole;
  readonly description: string;
}

/**
 * Lets a custom resource wait, for up to 55 minutes, without a function that runs meanwhile: a state machine that calls the resource's own
 * function until it has answered CloudFormation.
 *
 * The machine refers to the function, so the function must not know the machine, nor may anything that the function waits for: its ARN
 * travels in the properties of the custom resource, and the right to start it stands in a policy of its own, not in that of the role.
 */
export class Waiter extends Construct {
  private readonly stateMachine: CfnStateMachine;
  private readonly policy: Policy;

  public constructor(scope: Construct, id: string, { lambdaFunction, role, description }: WaiterProps) {
    super(scope, id);
    const invoke = new PolicyStatement({ effect: Effect.ALLOW, actions: ['lambda:InvokeFunction'], resources: [lambdaFunction.functionArn] });
    const ownRole = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description,
      inlinePolicies: { Invoke: new PolicyDocument({ statements: [invoke] }) }, // there from the beginning, with no resource of its own
    });
    this.stateMachine = new CfnStateMachine(this, 'StateMachine', {
      stateMachineType: 'STANDARD', // the other type knows no names of executions
      roleArn: ownRole.roleArn,
      definition: waiterDefinition(lambdaFunction.functionArn),
    });

    const executions = Stack.of(this).formatArn({
      service: 'states', resource: 'execution', resourceName: `${this.stateMachine.attrName}:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.policy = new Policy(this, 'Policy', {
      statements: [
        new PolicyStatement({ effect: Effect.ALLOW, actions: WAIT_MACHINE, resources: [this.stateMachine.ref] }),
        new PolicyStatement({ effect: Effect.ALLOW, actions: WAIT_EXECUTION, resources: [executions] }),
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
