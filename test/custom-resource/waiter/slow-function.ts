import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { handle } from './slow-resource';
import { awsServices } from '../../../src/custom-resource/aws';
import type { WaitStep } from '../../../src/custom-resource/waiter/contract';

const services = awsServices(() => ({}));

/** What Lambda calls. */
export const onEvent = (event: CloudFormationCustomResourceEvent | WaitStep, context: Context) => handle(event, context, services);
