/**
 * The kinds of storage that the service transfers from and to.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/working-with-locations.html
 */
export enum LocationType {
  /** Amazon S3 in a Region. */
  S3 = 'S3',
  /** Amazon S3 on Outposts. */
  OUTPOST_S3 = 'OUTPOST_S3',
  /** Amazon EFS. */
  EFS = 'EFS',
  /** Amazon FSx for Windows File Server. */
  FSX_WINDOWS = 'FSX_WINDOWS',
  /** Amazon FSx for Lustre. */
  FSX_LUSTRE = 'FSX_LUSTRE',
  /** Amazon FSx for OpenZFS. */
  FSX_OPENZFS_NFS = 'FSX_OPENZFS_NFS',
  /** Amazon FSx for NetApp ONTAP, over NFS. */
  FSX_ONTAP_NFS = 'FSX_ONTAP_NFS',
  /** Amazon FSx for NetApp ONTAP, over SMB. */
  FSX_ONTAP_SMB = 'FSX_ONTAP_SMB',
  /** A file server that speaks NFS. */
  NFS = 'NFS',
  /** A file server that speaks SMB. */
  SMB = 'SMB',
  /** A Hadoop cluster. */
  HDFS = 'HDFS',
  /** An object store with the API of Amazon S3, self-managed or in another cloud. */
  OBJECT_STORAGE = 'OBJECT_STORAGE',
  /** Microsoft Azure Blob Storage. */
  AZURE_BLOB = 'AZURE_BLOB',
}
