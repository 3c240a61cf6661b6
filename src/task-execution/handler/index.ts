import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { awsServices } from './datasync/aws';
import { handleEvent, handleStep } from './deploy';
import { handleSchedule } from './schedule';
import type { ScheduledStartResult } from './schedule';
import { isWaitStep } from '../../custom-resource/step';
import type { WaitStep } from '../../custom-resource/waiter/contract';

const services = awsServices();

/** Starts executions on deploy, and waits for their ends: the function behind `Custom::DataSyncTaskExecution`. */
export const onEvent = (event: CloudFormationCustomResourceEvent | WaitStep, context: Context): Promise<unknown> =>
  isWaitStep(event) ? handleStep(event, context, services) : handleEvent(event, context, services);

/** Starts executions on schedule: invoked with a `WireScheduledStart`. */
export const onSchedule = (payload: unknown, context: Context): Promise<ScheduledStartResult> => handleSchedule(payload, context, services);
