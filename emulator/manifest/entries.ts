import { ManifestError } from './csv';
import type { Row } from './csv';
import { isReserved } from '../engine/filter';
import type { ManifestEntry } from '../engine/manifest';

/** What the paths of a manifest lead to: only objects in S3 have versions. */
export type ManifestSource = 'S3' | 'other';

/** Of a path and of a version, whatever the source. */
const MAX_BYTES = 1024;

/**
 * The entry that a line of a manifest is. A path that cannot be transferred makes an entry with an error, which fails alone.
 *
 * @throws ManifestError when it is no entry at all
 */
export function toEntry({ line, fields }: Row, source: ManifestSource): ManifestEntry {
  const [key, version] = fields;
  if (fields.length > 2) throw new ManifestError(`line ${line} has ${fields.length} fields; it must be a path, or a path and an object version`);
  if (key === '') throw new ManifestError(`line ${line} has no path`);
  const error = problemOf(key, version, source);
  return { key, line, ...(version ? { version } : {}), ...(error && { error: `line ${line} of the manifest ${error}` }) };
}

function problemOf(key: string, version: string | undefined, source: ManifestSource): string | undefined {
  if (key.startsWith('/')) return 'has an absolute path; write it relative to the source location, without a slash at its start';
  if (key.endsWith('/')) return 'is a folder; list the files in it';
  if (key.split('/').some(name => name === '' || name === '.' || name === '..') || key.includes('\0')) {
    return 'has an empty, "." or ".." part, or a NUL character, in its path';
  }
  if (Buffer.byteLength(key) > MAX_BYTES) return `has a path of ${Buffer.byteLength(key)} bytes, ${MAX_BYTES} are allowed`;
  if (isReserved(key)) return 'names what the service never transfers';
  if (!version) return undefined;
  if (source !== 'S3') return 'has an object version, which only S3 locations have';
  return Buffer.byteLength(version) > MAX_BYTES ? `has a version of ${Buffer.byteLength(version)} bytes, ${MAX_BYTES} are allowed` : undefined;
}
