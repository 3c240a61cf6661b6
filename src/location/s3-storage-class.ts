/**
 * What new objects are stored as.
 *
 * Objects that exist keep their class, unless the transfer mode is ALL. Small objects (less than 128 KB for STANDARD_IA,
 * ONEZONE_IA and GLACIER_INSTANT_RETRIEVAL, less than 40 KB for GLACIER and DEEP_ARCHIVE) are stored as STANDARD.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/create-s3-location.html#using-storage-classes
 */
export class S3StorageClass {
  /** S3 Standard. */
  public static readonly STANDARD = S3StorageClass.of('STANDARD');

  /** S3 Standard-Infrequent Access. */
  public static readonly STANDARD_IA = S3StorageClass.of('STANDARD_IA');

  /** S3 One Zone-Infrequent Access. */
  public static readonly ONEZONE_IA = S3StorageClass.of('ONEZONE_IA');

  /** S3 Intelligent-Tiering. */
  public static readonly INTELLIGENT_TIERING = S3StorageClass.of('INTELLIGENT_TIERING');

  /** S3 Glacier Flexible Retrieval. The verify mode must not be POINT_IN_TIME_CONSISTENT. */
  public static readonly GLACIER = S3StorageClass.of('GLACIER');

  /** S3 Glacier Instant Retrieval. */
  public static readonly GLACIER_INSTANT_RETRIEVAL = S3StorageClass.of('GLACIER_INSTANT_RETRIEVAL');

  /** S3 Glacier Deep Archive. The verify mode must not be POINT_IN_TIME_CONSISTENT. */
  public static readonly DEEP_ARCHIVE = S3StorageClass.of('DEEP_ARCHIVE');

  /** S3 on Outposts. CloudFormation cannot create such locations today. */
  public static readonly OUTPOSTS = S3StorageClass.of('OUTPOSTS');

  /** A class that is newer than this library, as the service names it. */
  public static of(value: string): S3StorageClass {
    return new S3StorageClass(value);
  }

  /**
   * Whether what is stored in the class must be restored before it can be read.
   *
   * @internal
   */
  public static _isArchive(value: string | undefined): boolean {
    return value === S3StorageClass.GLACIER.value || value === S3StorageClass.DEEP_ARCHIVE.value;
  }

  /** @param value as the service has it */
  private constructor(public readonly value: string) {}

  /** The value. */
  public toString(): string {
    return this.value;
  }
}
