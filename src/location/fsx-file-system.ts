import { Resource, Stack } from 'aws-cdk-lib';
import type { aws_fsx } from 'aws-cdk-lib/interfaces';
import type { Construct, IConstruct } from 'constructs';
import { checkText } from '../validation/checks';
import { Problems } from '../validation/problems';

/** File systems of Amazon FSx that exist already. aws-cdk-lib has a class for Lustre only. */
export class FsxFileSystem {
  /**
   * A file system of the account and Region of the stack, of any kind.
   *
   * @param fileSystemId such as `fs-0123456789abcdef0`
   * @throws when that is no id of a file system
   */
  public static fromFileSystemId(scope: Construct, id: string, fileSystemId: string): aws_fsx.IFileSystemRef {
    checkId(scope, id, 'fileSystemId', fileSystemId, /^fs-[0-9a-f]+$/, 'fs-0123456789abcdef0');

    class Import extends Resource implements aws_fsx.IFileSystemRef {
      public readonly fileSystemRef = { fileSystemId };
    }
    return new Import(scope, id);
  }

  private constructor() {}
}

/** Storage virtual machines of file systems of Amazon FSx for NetApp ONTAP that exist already. */
export class FsxStorageVirtualMachine {
  /**
   * A storage virtual machine of the account and Region of the stack.
   *
   * @param storageVirtualMachineId such as `svm-0123456789abcdef0`
   * @throws when that is no id of a storage virtual machine
   */
  public static fromStorageVirtualMachineId(scope: Construct, id: string, storageVirtualMachineId: string): aws_fsx.IStorageVirtualMachineRef {
    checkId(scope, id, 'storageVirtualMachineId', storageVirtualMachineId, /^svm-[0-9a-f]{17,}$/, 'svm-0123456789abcdef0');

    class Import extends Resource implements aws_fsx.IStorageVirtualMachineRef {
      public readonly storageVirtualMachineRef = { storageVirtualMachineId };
    }
    return new Import(scope, id);
  }

  private constructor() {}
}

function checkId(scope: Construct, id: string, property: string, value: string, pattern: RegExp, example: string): void {
  const problems = new Problems(`${scope.node.path}/${id}`);
  checkText(problems, property, value, { required: true, max: 64, pattern, says: `must be an id such as ${example}`, remedy: 'copy it from the console' });
  problems.throwIfAny();
}

/** @internal */
export function fileSystemArn(scope: IConstruct, fileSystemId: string): string {
  return Stack.of(scope).formatArn({ service: 'fsx', resource: 'file-system', resourceName: fileSystemId });
}

/** @internal */
export function storageVirtualMachineArn(scope: IConstruct, fileSystemId: string, storageVirtualMachineId: string): string {
  return Stack.of(scope).formatArn({ service: 'fsx', resource: 'storage-virtual-machine', resourceName: `${fileSystemId}/${storageVirtualMachineId}` });
}
