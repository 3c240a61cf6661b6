import { randomUUID } from 'node:crypto';
import { scopeOfArn } from './arns';

/** What the service's events say they come from. */
export const EVENT_SOURCE = 'aws.datasync';

/** What events say instead at an EventBridge: nobody but AWS can send it events of `aws.*`. */
export const LOCAL_EVENT_SOURCE = 'local.datasync';

/** A state change, in the envelope in which EventBridge delivers it. */
export interface StateChangeEvent {
  readonly 'version': '0';
  readonly 'id': string;
  readonly 'detail-type': 'DataSync Agent State Change' | 'DataSync Location State Change' | 'DataSync Task State Change' | 'DataSync Task Execution State Change';
  readonly 'source': typeof EVENT_SOURCE;
  readonly 'account': string;
  readonly 'time': string;
  readonly 'region': string;
  /** The ARN of what changed, alone. */
  readonly 'resources': readonly string[];
  readonly 'detail': { readonly State: string };
}

/** The event of one resource having reached a state at that time. */
export function stateChangeEvent(detailType: StateChangeEvent['detail-type'], arn: string, state: string, time: Date): StateChangeEvent {
  return {
    'version': '0',
    'id': randomUUID(),
    'detail-type': detailType,
    'source': EVENT_SOURCE,
    ...scopeOfArn(arn),
    'time': time.toISOString().replace(/\.\d+Z$/, 'Z'),
    'resources': [arn],
    'detail': { State: state },
  };
}
