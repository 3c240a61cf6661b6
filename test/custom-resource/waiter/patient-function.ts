import { DataSyncClient } from '@aws-sdk/client-datasync';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { handle } from './patient-resource';
import { awsServices } from '../../../src/custom-resource/aws';
import type { WaitStep } from '../../../src/custom-resource/waiter/contract';

const client = new DataSyncClient({ maxAttempts: 1 });
const services = awsServices(() => client);

/** What Lambda calls. */
export const onEvent = (event: CloudFormationCustomResourceEvent | WaitStep, context: Context) => handle(event, context, services);
