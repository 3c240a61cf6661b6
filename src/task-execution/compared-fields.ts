import type { Field } from './field';
import { field } from './field';
import { LOCATION_FIELDS } from '../location/location-kinds';

/**
 * What decides which bytes an execution transfers, and so what counts as a change: one list of fields per resource type.
 *
 * What is not listed does not count, is never rendered, and so is never seen by the function: names, tags, roles, agents, networks, logs,
 * and above all secrets.
 *
 * @internal
 */

export type { Field } from './field';

export interface FieldLists {
  /**
   * Whoever adds a field raises it: with another version on the other side, only the fields of the older version are compared, so
   * that a new release of the library starts nothing.
   */
  readonly version: number;
  readonly types: { readonly [resourceType: string]: readonly Field[] };
}

export const TASK_TYPE = 'AWS::DataSync::Task';

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
    ...LOCATION_FIELDS,
  },
};
