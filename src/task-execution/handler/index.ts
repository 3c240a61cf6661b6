import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { awsServices } from './aws';
import { handleEvent } from './deploy';
import { handleSchedule } from './schedule';
import type { ScheduledStartResult } from './schedule';

const services = awsServices();

/** Starts executions on deploy: the function behind `Custom::DataSyncTaskExecution`. */
export const onEvent = (event: CloudFormationCustomResourceEvent, context: Context): Promise<void> => handleEvent(event, context, services);

/** Starts executions on schedule: invoked with a `WireScheduledStart`. */
export const onSchedule = (payload: unknown, context: Context): Promise<ScheduledStartResult> => handleSchedule(payload, context, services);
