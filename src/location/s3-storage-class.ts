/**
 * What new objects are stored as.
 *
 * Objects that exist keep their class, unless the transfer mode is ALL. Small objects (less than 128 KB for STANDARD_IA,
 * ONEZONE_IA and GLACIER_INSTANT_RETRIEVAL, less than 40 KB for GLACIER and DEEP_ARCHIVE) are stored as STANDARD.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/create-s3-location.html#using-storage-classes
 */
export enum S3StorageClass {
  /** S3 Standard. */
  STANDARD = 'STANDARD',
  /** S3 Standard-Infrequent Access. */
  STANDARD_IA = 'STANDARD_IA',
  /** S3 One Zone-Infrequent Access. */
  ONEZONE_IA = 'ONEZONE_IA',
  /** S3 Intelligent-Tiering. */
  INTELLIGENT_TIERING = 'INTELLIGENT_TIERING',
  /** S3 Glacier Flexible Retrieval. The verify mode must not be POINT_IN_TIME_CONSISTENT. */
  GLACIER = 'GLACIER',
  /** S3 Glacier Instant Retrieval. */
  GLACIER_INSTANT_RETRIEVAL = 'GLACIER_INSTANT_RETRIEVAL',
  /** S3 Glacier Deep Archive. The verify mode must not be POINT_IN_TIME_CONSISTENT. */
  DEEP_ARCHIVE = 'DEEP_ARCHIVE',
  /** S3 on Outposts. CloudFormation cannot create such locations today. */
  OUTPOSTS = 'OUTPOSTS',
}
