import { agents } from './agents';
import { Handler, Handlers } from './context';
import { azureBlobLocations } from './location-azure-blob';
import { efsLocations } from './location-efs';
import { fsxLustreLocations } from './location-fsx-lustre';
import { fsxOntapLocations } from './location-fsx-ontap';
import { fsxOpenZfsLocations } from './location-fsx-openzfs';
import { fsxWindowsLocations } from './location-fsx-windows';
import { hdfsLocations } from './location-hdfs';
import { nfsLocations } from './location-nfs';
import { objectStorageLocations } from './location-object-storage';
import { s3Locations } from './location-s3';
import { smbLocations } from './location-smb';
import { locations } from './locations';
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
