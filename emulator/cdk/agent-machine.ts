import { STAND_INS } from './stand-ins';
import type { StandIn } from './stand-ins';

const INSTANCE = 'AWS::EC2::Instance';
/** The public parameters with the images of agents, whatever their version. */
const IMAGES = '/aws/service/datasync/ami';
/** What this library makes of an instance and an agent. */
const ACTIVATED_BY = 'Custom::DataSyncAgent';

/** Whether an instance runs an agent: by its image, or because an agent is made of it. */
export function isAgentMachine(resources: Readonly<Record<string, any>>, logicalId: string): boolean {
  const { Type, Properties } = resources[logicalId];
  if (Type !== INSTANCE) return false;
  return JSON.stringify(Properties?.ImageId ?? '').includes(IMAGES)
    || Object.values(resources).some(each => each?.Type === ACTIVATED_BY && each.Properties?.InstanceId?.Ref === logicalId);
}

/** The stand-in for one: whoever asks its port 80 for the activation key asks the emulator. */
export function agentMachine(endpoint: string): StandIn {
  const standIn = STAND_INS[INSTANCE];
  return { ...standIn, Attributes: { ...standIn.Attributes, PrivateIp: `${new URL(endpoint).host}/_emulator/machines/${standIn.Ref}` } };
}
