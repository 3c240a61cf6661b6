import { resolve } from 'node:path';
import { DirectoryPreview, S3Preview } from '../backends/decorators/preview';
import { openDirectory } from '../backends/directory/backend';
import { openS3 } from '../backends/s3/backend';
import type { Backend } from '../engine/types';
import { s3Access } from '../local-services/s3-access';
import type { LocationType } from '../model/location';

/** One side of a copy that is made without a server. */
export interface Place {
  readonly type: Pick<LocationType, 'posix'> & { readonly name: 'S3' | 'NFS' };
  /** `preview` opens it for a dry run: nothing that is done to it is really done. */
  open(preview: boolean): Backend;
}

/** What is wrong with what the user typed. */
export class PlaceError extends Error {}

/**
 * A folder, or `s3://bucket/prefix` behind an S3 endpoint.
 *
 * @throws PlaceError naming the argument
 */
export function placeOf(argument: 'SOURCE' | 'DEST', text: string, s3Endpoint: string | undefined): Place {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? [];
  if (scheme === undefined) return folderPlace(text);
  if (scheme !== 's3') throw new PlaceError(`${argument} '${text}' must be a folder or s3://bucket/prefix.`);
  if (!s3Endpoint) throw new PlaceError(`${argument} '${text}' is a bucket: give --s3-endpoint or AWS_ENDPOINT_URL_S3, the URL of what holds it.`);
  const [, bucket, rest = ''] = /^s3:\/\/([^/]*)(?:\/(.*))?$/s.exec(text)!;
  if (bucket === '') throw new PlaceError(`${argument} '${text}' has no bucket; it must be s3://bucket/prefix.`);
  if (/^\/|\/\//.test(rest)) throw new PlaceError(`${argument} '${text}' must not contain '//' in its prefix.`); // a/ and a// are two prefixes
  return s3Place(s3Endpoint, bucket, rest.replace(/\/$/, ''));
}

function folderPlace(text: string): Place {
  const path = resolve(text);
  return {
    type: { name: 'NFS', posix: true },
    open: preview => {
      const real = openDirectory(path, path);
      return preview ? new DirectoryPreview(real, path, path) : real;
    },
  };
}

function s3Place(endpoint: string, bucket: string, prefix: string): Place {
  return {
    type: { name: 'S3', posix: false },
    open: preview => {
      const real = openS3({ ...s3Access(endpoint), bucket, prefix });
      return preview ? new S3Preview(real) : real;
    },
  };
}
