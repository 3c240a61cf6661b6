/**
 * The kinds of storage that the service transfers from and to.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/working-with-locations.html
 */
export class LocationType {
  /** Amazon S3 in a Region. */
  public static readonly S3 = LocationType.of('S3');

  /** Amazon S3 on Outposts. */
  public static readonly OUTPOST_S3 = LocationType.of('OUTPOST_S3');

  /** Amazon EFS. */
  public static readonly EFS = LocationType.of('EFS');

  /** Amazon FSx for Windows File Server. */
  public static readonly FSX_WINDOWS = LocationType.of('FSX_WINDOWS');

  /** Amazon FSx for Lustre. */
  public static readonly FSX_LUSTRE = LocationType.of('FSX_LUSTRE');

  /** Amazon FSx for OpenZFS. */
  public static readonly FSX_OPENZFS_NFS = LocationType.of('FSX_OPENZFS_NFS');

  /** Amazon FSx for NetApp ONTAP, over NFS. */
  public static readonly FSX_ONTAP_NFS = LocationType.of('FSX_ONTAP_NFS');

  /** Amazon FSx for NetApp ONTAP, over SMB. */
  public static readonly FSX_ONTAP_SMB = LocationType.of('FSX_ONTAP_SMB');

  /** A file server that speaks NFS. */
  public static readonly NFS = LocationType.of('NFS');

  /** A file server that speaks SMB. */
  public static readonly SMB = LocationType.of('SMB');

  /** A Hadoop cluster. */
  public static readonly HDFS = LocationType.of('HDFS');

  /** An object store with the API of Amazon S3, self-managed or in another cloud. */
  public static readonly OBJECT_STORAGE = LocationType.of('OBJECT_STORAGE');

  /** Microsoft Azure Blob Storage. */
  public static readonly AZURE_BLOB = LocationType.of('AZURE_BLOB');

  /** A kind that is newer than this library, as the service names it. */
  public static of(value: string): LocationType {
    return new LocationType(value);
  }

  /** @param value as the service has it */
  private constructor(public readonly value: string) {}

  /** The value. */
  public toString(): string {
    return this.value;
  }
}
