import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { awsServices } from './aws';
import { handleEvent, handleStep } from './deploy';
import { isWaitStep } from '../../../custom-resource/step';
import type { WaitStep } from '../../../custom-resource/waiter/contract';

const services = awsServices();

/** Makes agents of instances: the function behind `Custom::DataSyncAgent`. */
export const onEvent = (event: CloudFormationCustomResourceEvent | WaitStep, context: Context): Promise<unknown> =>
  isWaitStep(event) ? handleStep(event, context, services) : handleEvent(event, context, services);
