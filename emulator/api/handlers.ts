import { agents } from './agents';
import { Handler, Handlers } from './context';
import { efsLocations } from './location-efs';
import { nfsLocations } from './location-nfs';
import { s3Locations } from './location-s3';
import { locations } from './locations';
import { tags } from './tags';
import { taskExecutions } from './task-executions';
import { tasks } from './tasks';

/** Every emulated operation. A new group of operations is a new file and a line here. */
const handlers: Handlers = { ...s3Locations, ...nfsLocations, ...efsLocations, ...locations, ...tasks, ...taskExecutions, ...tags, ...agents };

/** The handler of an operation, if it is emulated. */
export function handlerOf(operation: string): Handler | undefined {
  return Object.hasOwn(handlers, operation) ? handlers[operation] : undefined;
}
