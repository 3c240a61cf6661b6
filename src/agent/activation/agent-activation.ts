import * as path from 'node:path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { FunctionProps } from 'aws-cdk-lib/aws-lambda';
import { Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ACTIVATION_FUNCTION_TIMEOUT, FETCHER_TIMEOUT } from './contract';
import { Waiter } from '../../custom-resource/waiter/waiter';
import { anyAgent } from '../../private/arn';
import { HandlerCode } from '../../private/handler-code';
import {
  AGENT_CHANGE, AGENT_CREATE, AGENT_LIST, AGENT_READ, AGENT_TAG, ENDPOINT_READ, LOG_WRITE, NETWORK_INTERFACE, STACK_READ,
} from '../../private/permissions';
import { TAG_OWNER } from '../../task-execution/contract';

/** Fixed, because CloudFormation refuses to give a custom resource another function. Not an id that a user gives to a construct. */
const ID = '@DataSyncAgentActivation';

/** Resolves from `src` as from `lib`. */
const BUNDLES = path.join(__dirname, '..', '..', '..', 'assets', 'agent', 'activation');

/**
 * The functions that make agents of instances: one per stack that calls the service, outside of any network, as it must reach CloudFormation
 * wherever the instance is; and one per VPC that only asks instances for their keys.
 */
export class AgentActivation extends Construct {
  public static of(scope: Construct): AgentActivation {
    const stack = Stack.of(scope);
    return stack.node.tryFindChild(ID) as AgentActivation | undefined ?? new AgentActivation(stack);
  }

  public readonly lambdaFunction: Function;
  public readonly waiter: Waiter;
  private readonly role: IRole;
  private readsEndpoints = false;

  private constructor(stack: Stack) {
    super(stack, ID);
    const description = 'Makes DataSync agents of instances';
    const { lambdaFunction, role } = newFunction(this, {
      description, bundle: 'handler', handler: 'index.onEvent', timeout: Duration.seconds(ACTIVATION_FUNCTION_TIMEOUT),
    });
    this.lambdaFunction = lambdaFunction;
    this.role = role;
    const own = { StringLike: { [`aws:ResourceTag/${TAG_OWNER}`]: `${stack.stackId}/*` } };
    const asOwn = { StringLike: { [`aws:RequestTag/${TAG_OWNER}`]: `${stack.stackId}/*` } };
    this.allow(AGENT_CREATE, '*', asOwn); // the service supports nothing narrower
    this.allow(AGENT_LIST, '*'); // neither here
    this.allow(AGENT_READ, anyAgent(this));
    this.allow(AGENT_TAG, anyAgent(this), asOwn); // with CreateAgent
    this.allow(AGENT_CHANGE, anyAgent(this), own);
    this.allow(STACK_READ, stack.stackId);
    this.waiter = new Waiter(this, 'Waiter', { lambdaFunction, role, description: 'Waits for DataSync agents that the deployment makes' });
  }

  /** The function that reaches instances in a network, with a security group of its own. */
  public fetcherIn(vpc: IVpc, vpcSubnets: SubnetSelection): Function {
    const id = `Fetcher${vpc.node.addr.slice(-8)}`;
    const existing = this.node.tryFindChild(id)?.node.tryFindChild('Function') as Function | undefined;
    if (existing) return existing;
    const scope = new Construct(this, id);
    const securityGroup = new SecurityGroup(scope, 'SecurityGroup', {
      vpc, allowAllOutbound: false, description: 'Asks the instances of DataSync agents for their activation keys',
    });
    const { lambdaFunction } = newFunction(scope, {
      description: 'Asks the instances of DataSync agents for their activation keys',
      bundle: 'fetcher',
      handler: 'index.onFetch',
      timeout: Duration.seconds(FETCHER_TIMEOUT),
      network: { vpc, vpcSubnets, securityGroups: [securityGroup], allowPublicSubnet: true }, // it reaches nothing but the instances
    });
    this.allow(['lambda:InvokeFunction'], lambdaFunction.functionArn);
    return lambdaFunction;
  }

  /** The address of a VPC endpoint stands on its network interfaces. */
  public allowEndpoints(): void {
    if (!this.readsEndpoints) this.allow(ENDPOINT_READ, '*'); // the service supports nothing narrower
    this.readsEndpoints = true;
  }

  private allow(actions: string[], resource: string, conditions?: { [operator: string]: unknown }): void {
    this.role.addToPrincipalPolicy(new PolicyStatement({ effect: Effect.ALLOW, actions, resources: [resource], conditions }));
  }
}

interface NewFunction {
  readonly description: string;
  readonly bundle: string;
  readonly handler: string;
  readonly timeout: Duration;
  readonly network?: Pick<FunctionProps, 'vpc' | 'vpcSubnets' | 'securityGroups' | 'allowPublicSubnet'>;
}

/** A function with a role and a log group of its own; of a network its role may have interfaces. */
function newFunction(scope: Construct, { bundle, network, ...props }: NewFunction): { lambdaFunction: Function; role: IRole } {
  const logGroup = new LogGroup(scope, 'LogGroup', { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description: props.description });
  role.addToPolicy(new PolicyStatement({ effect: Effect.ALLOW, actions: LOG_WRITE, resources: [logGroup.logGroupArn] }));
  // Lambda makes interfaces before it knows their ids.
  if (network) role.addToPolicy(new PolicyStatement({ effect: Effect.ALLOW, actions: NETWORK_INTERFACE, resources: ['*'] }));
  const lambdaFunction = new Function(scope, 'Function', {
    runtime: Runtime.NODEJS_22_X, memorySize: 256, ...props, ...network, code: new HandlerCode(path.join(BUNDLES, bundle)), role, logGroup,
  });
  return { lambdaFunction, role };
}
