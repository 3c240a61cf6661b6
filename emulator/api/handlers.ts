import { agents } from './agents';
import type { Handler, Handlers } from './context';
import { locations } from './locations';
import { azureBlobLocations } from './locations/azure-blob';
import { efsLocations } from './locations/efs';
import { fsxLustreLocations } from './locations/fsx-lustre';
import { fsxOntapLocations } from './locations/fsx-ontap';
import { fsxOpenZfsLocations } from './locations/fsx-openzfs';
import { fsxWindowsLocations } from './locations/fsx-windows';
import { hdfsLocations } from './locations/hdfs';
import { nfsLocations } from './locations/nfs';
import { objectStorageLocations } from './locations/object-storage';
import { s3Locations } from './locations/s3';
import { smbLocations } from './locations/smb';
import { tags } from './tags';
import { taskExecutions } from './task-executions';
import { tasks } from './tasks';

/** Every emulated operation. A new group of operations is a new file and a line here. */
const handlers: Handlers = {
  ...s3Locations,
  ...efsLocations,
  ...fsxLustreLocations,
  ...fsxOpenZfsLocations,
  ...fsxOntapLocations,
  ...fsxWindowsLocations,
  ...nfsLocations,
  ...smbLocations,
  ...hdfsLocations,
  ...objectStorageLocations,
  ...azureBlobLocations,
  ...locations,
  ...tasks,
  ...taskExecutions,
  ...tags,
  ...agents,
};

/** The handler of an operation, if it is emulated. */
export function handlerOf(operation: string): Handler | undefined {
  return Object.hasOwn(handlers, operation) ? handlers[operation] : undefined;
}
