import { Port } from 'aws-cdk-lib/aws-ec2';

/**
 * TCP ports between the network interfaces of the service and a file system in a VPC.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/datasync-network.html
 */
export interface FileSystemPorts {
  readonly toFileSystem: readonly Port[];
  /** Of a file system that opens connections of its own. */
  readonly fromFileSystem?: readonly Port[];
}

const NFS = Port.tcp(2049);
const RPC = Port.tcp(111);
const SMB = Port.tcp(445);
/** Servers and clients of Lustre speak to each other on the same ports. */
const LUSTRE = [Port.tcp(988), Port.tcpRange(1018, 1023)];

export const EFS_PORTS: FileSystemPorts = { toFileSystem: [NFS] };
export const LUSTRE_PORTS: FileSystemPorts = { toFileSystem: LUSTRE, fromFileSystem: LUSTRE };
export const OPENZFS_PORTS: FileSystemPorts = { toFileSystem: [RPC, NFS, Port.tcpRange(20001, 20003)] };
export const ONTAP_NFS_PORTS: FileSystemPorts = { toFileSystem: [RPC, Port.tcp(635), NFS] };
export const ONTAP_SMB_PORTS: FileSystemPorts = { toFileSystem: [SMB] };
export const WINDOWS_PORTS: FileSystemPorts = { toFileSystem: [SMB] };
