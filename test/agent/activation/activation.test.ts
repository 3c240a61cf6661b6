import { once, OWNER, World } from './world';

let world: World;
beforeEach(async () => {
  world = await World.start();
  world.h.stack.status = 'CREATE_IN_PROGRESS';
});
afterEach(async () => {
  const seen = JSON.stringify([world.seen, world.h.receiver.answers, world.machine.executions]);
  await world.h.close();
  // Whatever happened: no key in logs, answers, or what the machine knows.
  expect(world.keys.filter(key => seen.includes(key))).toEqual([]);
});

const [A, B] = ['i-0000000000000000a', 'i-0000000000000000b'];
const create = (more = {}) => world.deliver('Create', { ResourceProperties: world.properties(A, more) });

test('an agent is made of an instance, with its tags, in one step once the instance gives its key', async () => {
  const answer = await create({ AgentName: 'Reader', Tags: [{ Key: 'team', Value: 'storage' }] });
  const [agent, ...others] = await world.agents();
  expect(others).toEqual([]);
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: agent.arn, Data: { AgentArn: agent.arn } });
  expect(agent).toMatchObject({ name: 'Reader', tags: { 'team': 'storage', 'cdk-datasync:owner': OWNER, 'cdk-datasync:instance-id': A } });
  expect(world.urls).toEqual([expect.stringMatching(/\/\?gatewayType=SYNC&activationRegion=us-east-1&no_redirect$/)]);
  expect(world.keys).toHaveLength(1);
  expect(world.h.receiver.answers).toHaveLength(1);
});

test('an instance is asked until it has booted', async () => {
  world.booting = ['ECONNREFUSED', 'TimeoutError', 'EHOSTUNREACH', 'an answer without a key, of HTTP status 404'];
  expect(await create()).toMatchObject({ Status: 'SUCCESS' });
  expect(world.urls).toHaveLength(5);
});

test('an instance that never answers fails in time, and says what to do', async () => {
  world.booting = Array(1000).fill('ECONNREFUSED');
  const { Status, Reason, PhysicalResourceId } = await create({ ActivationTimeout: '120' });
  expect(Status).toBe('FAILED');
  expect(PhysicalResourceId).toMatch(/^not-activated:/);
  expect(Reason).toMatch(/gave no activation key at http:\/\/.* within 2 minutes \(last: ECONNREFUSED\).*replace the instance/);
});

describe('a function that dies', () => {
  test.each([
    ['before', 'fetchKey'], ['before', 'DescribeStacks'], ['before', 'ListAgents'], ['after', 'CreateAgent'], ['before', 'the answer'],
    ['after', 'the answer'], ['before', 'StartExecution'], ['after', 'StartExecution'],
  ] as const)('%s %s makes one agent all the same', async (moment, call) => {
    world.faults = once(call, moment, 'crash');
    const { Status, PhysicalResourceId } = await create();
    expect(Status).toBe('SUCCESS');
    expect(await world.arns()).toEqual([PhysicalResourceId]);
  });

  const LOSSES = [['after', 'fetchKey'], ['before', 'CreateAgent']] as const;
  test.each(LOSSES)('%s %s has lost the key: it fails, says to replace the instance, and leaves nothing', async (moment, call) => {
    world.faults = once(call, moment, 'crash');
    const { Status, Reason, PhysicalResourceId } = await create();
    expect([Status, Reason]).toEqual(['FAILED', expect.stringContaining('replace the instance')]);
    world.h.stack.status = 'ROLLBACK_IN_PROGRESS';
    expect(await world.deliver('Delete', { PhysicalResourceId, ResourceProperties: world.properties(A) })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect(await world.arns()).toEqual([]);
  });
});

test.each([0, 1, 3])('an agent whose answer was lost is found, also if it is in the list only after %d looks', async lag => {
  world.faults = (call, moment) => {
    if (call !== 'CreateAgent' || moment !== 'after' || world.calls.filter(each => each === 'CreateAgent').length > 1) return undefined;
    world.listLag = lag;
    return 'lost';
  };
  const { Status, PhysicalResourceId } = await create();
  expect(Status).toBe('SUCCESS');
  expect(await world.arns()).toEqual([PhysicalResourceId]);
});

test('what the service refuses fails at once, with its text', async () => {
  const { Status, Reason } = await create({ AgentName: 'Keller #1' });
  expect(Status).toBe('FAILED');
  expect(Reason).toMatch(/^datasync:CreateAgent failed for i-0+a: .*AgentName.*Its key is used up: correct what the text names, and replace the instance\.$/);
  expect(world.calls.filter(call => call === 'CreateAgent')).toHaveLength(1);
});

describe('an agent that is offline after its activation', () => {
  /** Online again before so many looks at it. */
  const onlineBefore = (looks: number) => {
    world.faults = async (call, moment) => {
      if (call === 'CreateAgent' && moment === 'after') world.h.emulator.setAgentStatus((await world.arns())[0], 'OFFLINE');
      const looked = world.calls.filter(each => each === 'DescribeAgent').length;
      if (call === 'DescribeAgent' && moment === 'before' && looked === looks) world.h.emulator.setAgentStatus((await world.arns())[0], 'ONLINE');
      return undefined;
    };
  };

  test('is waited for', async () => {
    onlineBefore(5);
    expect(await create()).toMatchObject({ Status: 'SUCCESS' });
    expect(world.calls.filter(each => each === 'DescribeAgent')).toHaveLength(5);
  });

  test('fails in time, with the id of the agent, for which a Delete comes', async () => {
    onlineBefore(1000);
    const { Status, Reason, PhysicalResourceId } = await create({ ActivationTimeout: '120' });
    expect([Status, await world.arns()]).toEqual(['FAILED', [PhysicalResourceId]]);
    expect(Reason).toMatch(/was activated and is not online after 2 minutes: it is OFFLINE\. See whether its instance reaches the endpoints/);
  });
});

describe('when another resource fails meanwhile', () => {
  test('a Delete with an id that CloudFormation made up stops the wait', async () => {
    world.booting = Array(1000).fill('ECONNREFUSED');
    await world.send('Create', { ResourceProperties: world.properties(A) });
    world.h.stack.status = 'ROLLBACK_IN_PROGRESS';
    const answer = await world.deliver('Delete', { PhysicalResourceId: 'Reader-Agent-1ABC', ResourceProperties: world.properties(A) });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'Reader-Agent-1ABC' });
    expect(world.machine.running).toEqual([]);
    expect(await world.arns()).toEqual([]);
  });

  test('an agent that was made a moment before is deleted by the one that made it', async () => {
    world.faults = (call, moment) => {
      if (call === 'CreateAgent' && moment === 'after') world.h.stack.status = 'ROLLBACK_IN_PROGRESS';
      return undefined;
    };
    expect(await create()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('the stack is ROLLBACK_IN_PROGRESS') });
    expect(await world.arns()).toEqual([]);
  });

  test('an agent whose maker died is deleted by the Delete', async () => {
    world.faults = once('CreateAgent', 'after', 'crash');
    await create();
    world.h.stack.status = 'ROLLBACK_IN_PROGRESS';
    await world.deliver('Delete', { PhysicalResourceId: 'Reader-Agent-1ABC', ResourceProperties: world.properties(A) });
    expect(await world.arns()).toEqual([]);
  });
});

describe('an update', () => {
  let arn: string;
  beforeEach(async () => {
    arn = (await create({ AgentName: 'Reader', Tags })).PhysicalResourceId;
    world.h.stack.status = 'UPDATE_IN_PROGRESS';
  });
  const STAYS = { Key: 'site', Value: 'north' };
  const Tags = [{ Key: 'team', Value: 'storage' }, { Key: 'floor', Value: '1' }, STAYS];
  const before = () => world.properties(A, { AgentName: 'Reader', Tags });
  const update = (after: object, id = arn, old: object = before()) =>
    world.deliver('Update', { PhysicalResourceId: id, OldResourceProperties: old, ResourceProperties: after });

  test('of the same instance changes name and tags in place, and asks for no key', async () => {
    const answer = await update(world.properties(A, { AgentName: 'Writer', Tags: [{ Key: 'team', Value: 'research' }, STAYS], ActivationTimeout: '60' }));
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn, Data: { AgentArn: arn } });
    const [agent] = await world.agents();
    expect(agent).toMatchObject({ arn, name: 'Writer', tags: { 'team': 'research', 'site': 'north', 'cdk-datasync:instance-id': A } });
    expect(agent.tags).not.toHaveProperty('floor');
    expect(world.urls).toHaveLength(1);
  });

  test('of a stack that cannot be read fails, with the id of the agent or, for another instance, one of its own', async () => {
    world.faults = call => call === 'DescribeStacks' ? 'lost' : undefined;
    expect(await update(before())).toMatchObject({ Status: 'FAILED', PhysicalResourceId: arn });
    expect(await update(world.properties(B))).toMatchObject({ Status: 'FAILED', PhysicalResourceId: expect.stringMatching(/^not-activated:/) });
  });

  test('of the endpoint alone is refused, and the agent stays', async () => {
    const answer = await update({ ...before(), EndpointType: 'FIPS' });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: arn, Reason: expect.stringContaining('EndpointType cannot be changed') });
    expect(await world.arns()).toEqual([arn]);
  });

  test('to another instance makes another agent, and the old one goes with its Delete', async () => {
    const { Status, PhysicalResourceId } = await update(world.properties(B));
    expect(Status).toBe('SUCCESS');
    expect((await world.arns()).sort()).toEqual([arn, PhysicalResourceId].sort());
    world.h.stack.status = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
    await world.deliver('Delete', { PhysicalResourceId: arn, ResourceProperties: before() });
    expect(await world.arns()).toEqual([PhysicalResourceId]);
  });

  test('to another instance that is rolled back leaves the old agent untouched', async () => {
    const { PhysicalResourceId: made } = await update(world.properties(B));
    world.h.stack.status = 'UPDATE_ROLLBACK_IN_PROGRESS';
    expect(await update(before(), made, world.properties(B))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn, Data: { AgentArn: arn } });
    expect((await world.arns()).sort()).toEqual([arn, made].sort()); // locations may still use the new one: it goes with its Delete
    await world.deliver('Delete', { PhysicalResourceId: made, ResourceProperties: world.properties(B) });
    expect(await world.arns()).toEqual([arn]);
    expect(world.keys).toHaveLength(2);
  });

  test('that CloudFormation gave up is undone by the way back', async () => {
    world.booting = Array(20).fill('ECONNREFUSED');
    await world.send('Update', { PhysicalResourceId: arn, OldResourceProperties: before(), ResourceProperties: world.properties(B) });
    world.h.stack.status = 'UPDATE_ROLLBACK_IN_PROGRESS';
    expect(await update(before(), arn, world.properties(B))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    expect(world.machine.running).toEqual([]);
    expect(await world.arns()).toEqual([arn]);
  });

  test('that made an agent and was given up is undone by the way back, though the list does not have the agent at first', async () => {
    await update(world.properties(B)); // its answer is one that nobody waits for
    Object.assign(world, { listLag: 1 });
    world.h.stack.status = 'UPDATE_ROLLBACK_IN_PROGRESS';
    expect(await update(before(), arn, world.properties(B))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    expect(await world.arns()).toEqual([arn]);
  });

  test('that failed and is repeated keeps what the repetition has adopted when the failed id is deleted', async () => {
    world.faults = once('CreateAgent', 'after', 'crash');
    const [first, second] = [world.properties(B), world.properties(B, { AgentName: 'Again' })];
    const failedId = 'not-activated:11111111-2222-3333-4444-555555555555';
    await world.send('Update', { RequestId: failedId.slice(14), PhysicalResourceId: arn, OldResourceProperties: before(), ResourceProperties: first });
    await world.finish();
    const { PhysicalResourceId: made } = await update(second, failedId, first);
    world.h.stack.status = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
    await world.deliver('Delete', { PhysicalResourceId: failedId, ResourceProperties: first });
    expect((await world.arns()).sort()).toEqual([arn, made].sort());
  });
});

test('a request that CloudFormation has given up does nothing, and answers nothing', async () => {
  await world.send('Create', { ResourceProperties: world.properties(A) }, 61);
  expect(world.calls).toEqual([]);
  expect(world.machine.running).toEqual([]);
  expect(world.h.receiver.answers).toEqual([]);
});

test('the Delete of a failed request takes what other requests have made of the instance, too, when the stack goes', async () => {
  await create();
  world.h.stack.status = 'DELETE_IN_PROGRESS';
  await world.deliver('Delete', { PhysicalResourceId: 'not-activated:11111111-2222-3333-4444-555555555555', ResourceProperties: world.properties(A) });
  expect(await world.arns()).toEqual([]);
});

test('a Delete is refused while a location of another stack uses the agent, with the text of the service', async () => {
  const { PhysicalResourceId } = await create();
  await world.useInLocation(PhysicalResourceId);
  world.h.stack.status = 'DELETE_IN_PROGRESS';
  const refused = await world.deliver('Delete', { PhysicalResourceId, ResourceProperties: world.properties(A) });
  expect(refused).toMatchObject({ Status: 'FAILED', PhysicalResourceId, Reason: expect.stringContaining('in-use by these location(s)') });
});

test('a Delete of an agent that is gone is done', async () => {
  const { PhysicalResourceId } = await create();
  world.h.stack.status = 'DELETE_IN_PROGRESS';
  for (let time = 0; time < 2; time++) {
    expect(await world.deliver('Delete', { PhysicalResourceId, ResourceProperties: world.properties(A) })).toMatchObject({ Status: 'SUCCESS' });
  }
  expect(await world.arns()).toEqual([]);
});

test('with a VPC endpoint the key is asked for with the address in the subnet of the instance', async () => {
  world.interfaces = [{ subnetId: 'subnet-1', address: '10.0.1.7' }, { subnetId: 'subnet-2', address: '10.0.2.7' }];
  const { Status } = await create({
    EndpointType: 'PRIVATE_LINK',
    VpcEndpointId: 'vpce-0123456789abcdef0',
    SubnetArn: 'arn:aws:ec2:us-east-1:000000000000:subnet/subnet-0123456789abcdef0',
    SecurityGroupArn: 'arn:aws:ec2:us-east-1:000000000000:security-group/sg-0123456789abcdef0',
    InstanceSubnetId: 'subnet-2',
  });
  expect(Status).toBe('SUCCESS');
  expect(world.urls).toEqual([expect.stringContaining('&endpointType=PRIVATE_LINK&privateLinkEndpoint=10.0.2.7&no_redirect')]);
});
