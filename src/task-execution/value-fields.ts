/**
 * What decides which bytes an execution transfers, and so what counts as a change: one list of fields per resource type.
 *
 * What is not listed does not count, is never rendered, and so is never seen by the function: names, tags, roles, agents, networks, logs,
 * and above all secrets.
 *
 * @internal
 */

/** How two values of a field are compared, other than as texts. */
export type FieldForm =
  /** A path: slashes at its ends say nothing. */
  | 'subdirectory'
  /** A list of filter rules: a set of patterns. */
  | 'patterns'
  /** A list whose order says nothing. */
  | 'set'
  /** The name of the one member that is set; what is in it does not count and may be secret. */
  | 'member';

export interface Field {
  /** Where it stands in the properties of the resource, such as `Options.VerifyMode`. */
  readonly path: string;
  /** First version of the list that has it. */
  readonly since: number;
  readonly form?: FieldForm;
  /** What the service takes when nothing is said, if that depends on nothing else. */
  readonly default?: string;
  /** Counts at this side of a transfer only. */
  readonly side?: 'Source' | 'Destination';
  /** Is carried because another field's default depends on it, and does not count itself. */
  readonly auxiliary?: true;
}

export interface FieldLists {
  /**
   * Whoever adds a field raises it: with another version on the other side, only the fields of the older version are compared, so
   * that a new release of the library starts nothing.
   */
  readonly version: number;
  readonly types: { readonly [resourceType: string]: readonly Field[] };
}

export const TASK_TYPE = 'AWS::DataSync::Task';

/** What every location type begins with. */
export const LOCATION_TYPES = 'AWS::DataSync::Location';

const field = (path: string, more: Partial<Field> = {}): Field => ({ path, since: 1, ...more });
const subdirectory = field('Subdirectory', { form: 'subdirectory' });

export const FIELD_LISTS: FieldLists = {
  version: 1,
  types: {
    [TASK_TYPE]: [
      field('TaskMode', { default: 'BASIC' }),
      field('Options.VerifyMode'), // its default depends on the mode
      field('Options.OverwriteMode', { default: 'ALWAYS' }),
      field('Options.PreserveDeletedFiles', { default: 'PRESERVE' }),
      field('Options.TransferMode', { default: 'CHANGED' }),
      field('Options.Atime'),
      field('Options.Mtime'),
      field('Options.Uid'),
      field('Options.Gid'),
      field('Options.PosixPermissions'),
      field('Options.PreserveDevices'),
      field('Options.SecurityDescriptorCopyFlags'),
      field('Options.ObjectTags'),
      field('Options.ObjectMetadata'),
      field('Includes', { form: 'patterns' }),
      field('Excludes', { form: 'patterns' }),
      field('ManifestConfig.Action'),
      field('ManifestConfig.Format'),
      field('ManifestConfig.Source.S3.S3BucketArn'),
      field('ManifestConfig.Source.S3.ManifestObjectPath'),
      field('ManifestConfig.Source.S3.ManifestObjectVersionId'),
    ],
    [`${LOCATION_TYPES}S3`]: [
      field('S3BucketArn'), subdirectory, field('S3StorageClass', { default: 'STANDARD', side: 'Destination' }),
    ],
    [`${LOCATION_TYPES}EFS`]: [field('EfsFilesystemArn'), field('AccessPointArn'), subdirectory],
    [`${LOCATION_TYPES}FSxLustre`]: [field('FsxFilesystemArn'), subdirectory],
    [`${LOCATION_TYPES}FSxOpenZFS`]: [field('FsxFilesystemArn'), subdirectory],
    [`${LOCATION_TYPES}FSxONTAP`]: [field('StorageVirtualMachineArn'), subdirectory, field('Protocol', { form: 'member' })],
    [`${LOCATION_TYPES}FSxWindows`]: [field('FsxFilesystemArn'), subdirectory],
    [`${LOCATION_TYPES}NFS`]: [field('ServerHostname'), subdirectory],
    [`${LOCATION_TYPES}SMB`]: [field('ServerHostname'), subdirectory],
    [`${LOCATION_TYPES}HDFS`]: [field('NameNodes', { form: 'set' }), subdirectory],
    [`${LOCATION_TYPES}ObjectStorage`]: [
      field('ServerHostname'), field('ServerProtocol', { default: 'HTTPS', auxiliary: true }), field('ServerPort'), // its default depends on the protocol
      field('BucketName'), subdirectory,
    ],
    [`${LOCATION_TYPES}AzureBlob`]: [
      field('AzureBlobContainerUrl'), subdirectory,
      field('AzureBlobType', { default: 'BLOCK', side: 'Destination' }), field('AzureAccessTier', { default: 'HOT', side: 'Destination' }),
    ],
  },
};
