import { createHash } from 'node:crypto';
import { FIELD_LISTS, TASK_TYPE } from '../compared-fields';
import type { Field, FieldLists } from '../compared-fields';
import { bareSubdirectory, canonical, isEmpty, patternSet, short } from '../normal-form';

/**
 * What counts as a change: the values of one start that decide which bytes are transferred, in one form whatever their spelling.
 *
 * All of it is lenient: what it reads may have been rendered by another version of the library.
 */

type Members = { readonly [name: string]: unknown };

const HASH_LENGTH = 24;
const SIDES = ['Source', 'Destination'] as const;
type Side = typeof SIDES[number];

/** A value of a field; without a text it is not known. */
interface Value {
  readonly text?: string;
  /** Whether it is the start's own, not its task's. */
  readonly own?: boolean;
}

/** A task or location: its fields by path, or only its ARN. */
interface Resource {
  readonly type?: string;
  readonly arn?: string;
  readonly fields: ReadonlyMap<string, Value>;
}

/** The values of one start, as far as the fields of one version go. */
interface Effective {
  readonly task: Resource;
  readonly sides: { readonly [side in Side]: Resource };
  readonly triggers: string;
  readonly deployment: string;
}

/**
 * A fingerprint of the values of a start, for a tag: equal ones mean that the same is transferred. It begins with the version of the list of fields.
 *
 * @param properties those of the custom resource
 */
export function valuesTag(properties: unknown, lists: FieldLists = FIELD_LISTS): string {
  const version = versionOf(properties, lists);
  const { task, sides, triggers, deployment } = effective(properties, lists, version);
  const parts = { Task: task, ...sides };
  const named = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, {
    type: part.type,
    fields: Object.fromEntries([...part.fields].map(([path, { text }]) => [path, text])),
    arn: isKnown(part) ? undefined : part.arn,
  }]));
  // As in a comparison: what nothing else tells, the task's ARN does.
  const taskArn = SIDES.some(side => !isKnown(sides[side]) && sides[side].arn === undefined) ? task.arn : undefined;
  const hash = createHash('sha256').update(canonical({ ...named, taskArn, triggers, deployment })).digest('hex').slice(0, HASH_LENGTH);
  return `${version}:${hash}`;
}

/** Whether something else is to be transferred now than before. `RunOn` does not count. */
export function haveChanged(now: unknown, before: unknown, lists: FieldLists = FIELD_LISTS): boolean {
  const version = Math.min(versionOf(now, lists), versionOf(before, lists));
  const [a, b] = [effective(now, lists, version), effective(before, lists, version)];
  if (a.triggers !== b.triggers) return true;
  if (a.deployment !== '' && a.deployment !== b.deployment) return true;
  const parts = [fieldsDiffer(a.task, b.task), ...SIDES.map(side => locationDiffers(a.sides[side], b.sides[side]))];
  if (parts.includes(true)) return true;
  return parts.includes(undefined) && a.task.arn !== b.task.arn;
}

/** Whether one of the locations is another one, or reads or writes another place, than before. */
export function locationsChanged(now: unknown, before: unknown, lists: FieldLists = FIELD_LISTS): boolean {
  const version = Math.min(versionOf(now, lists), versionOf(before, lists));
  const [a, b] = [effective(now, lists, version), effective(before, lists, version)];
  const parts = SIDES.map(side => locationDiffers(a.sides[side], b.sides[side]));
  return parts.includes(true) || (parts.includes(undefined) && a.task.arn !== b.task.arn);
}

/** What fields do not tell, the ARN does; undefined if that is not known either. */
function locationDiffers(a: Resource, b: Resource): boolean | undefined {
  if (a.type !== undefined && b.type !== undefined) {
    if (a.type !== b.type) return true;
    const differ = fieldsDiffer(a, b);
    if (differ !== undefined) return differ;
  }
  return a.arn === undefined || b.arn === undefined ? undefined : a.arn !== b.arn;
}

/** Undefined if all that is known on both sides is equal, and something is not known. */
function fieldsDiffer(a: Resource, b: Resource): boolean | undefined {
  for (const [path, now] of a.fields) {
    const before = b.fields.get(path);
    if (before === undefined) continue;
    // What a start overrides has certainly come or gone, whatever its task has.
    if (now.text !== undefined && before.text !== undefined ? now.text !== before.text : now.own || before.own) return true;
  }
  return isKnown(a) && isKnown(b) ? false : undefined;
}

function isKnown({ type, fields }: Pick<Resource, 'type' | 'fields'>): boolean {
  return type !== undefined && [...fields.values()].every(({ text }) => text !== undefined);
}

/** The version that both the properties and this function know. */
function versionOf(properties: unknown, { version }: FieldLists): number {
  const theirs = Number(membersOf(membersOf(properties).Values).Version);
  return Number.isSafeInteger(theirs) && theirs > 0 ? Math.min(theirs, version) : version;
}

function effective(input: unknown, lists: FieldLists, version: number): Effective {
  const properties = membersOf(input);
  const values = membersOf(properties.Values);
  return {
    task: taskOf(properties, values, fieldsOf(lists, TASK_TYPE, version)),
    sides: { Source: locationOf(values.Source, 'Source', lists, version), Destination: locationOf(values.Destination, 'Destination', lists, version) },
    triggers: isEmpty(properties.Triggers) ? '' : canonical(properties.Triggers),
    deployment: textOf(properties.Deployment) ?? '',
  };
}

/** The fields of the task, with those of the start laid over them. */
function taskOf(properties: Members, values: Members, fields: readonly Field[]): Resource {
  const isDefined = isMembers(values.Task);
  const task = membersOf(values.Task);
  const unknown = unknownOf(task);
  const own: Members = {
    Options: properties.OverrideOptions, Includes: properties.Includes, Excludes: properties.Excludes, ManifestConfig: properties.ManifestConfig,
  };
  const found = new Map<string, Value>();
  for (const field of fields) {
    const { path } = field;
    const overriding = normal(at(own, path), field);
    if (own.ManifestConfig !== undefined && path.startsWith('ManifestConfig.')) found.set(path, { text: overriding ?? '', own: true });
    else if (overriding !== undefined) found.set(path, { text: overriding, own: true });
    else if (!isDefined || unknown.has(path)) found.set(path, {});
    else found.set(path, { text: normal(at(task, path), field) ?? field.default ?? '' });
  }
  const verifyMode = found.get('Options.VerifyMode');
  if (verifyMode?.text === '') {
    const mode = found.get('TaskMode')?.text;
    const text = mode === 'BASIC' ? 'POINT_IN_TIME_CONSISTENT' : mode === 'ENHANCED' ? 'ONLY_FILES_TRANSFERRED' : '';
    found.set('Options.VerifyMode', { text });
  }
  return { type: isDefined ? TASK_TYPE : undefined, arn: textOf(properties.TaskArn), fields: found };
}

function locationOf(input: unknown, side: Side, lists: FieldLists, version: number): Resource {
  const location = membersOf(input);
  const type = textOf(location.Type);
  const unknown = unknownOf(location);
  const found = new Map<string, Value>();
  for (const field of fieldsOf(lists, type, version)) {
    if (field.side !== undefined && field.side !== side) continue;
    found.set(field.path, unknown.has(field.path) ? {} : { text: normal(at(location, field.path), field) ?? field.default ?? '' });
  }
  const port = found.get('ServerPort');
  if (port?.text === '') found.set('ServerPort', { text: found.get('ServerProtocol')?.text === 'HTTP' ? '80' : '443' });
  for (const { path, auxiliary } of fieldsOf(lists, type, version)) if (auxiliary) found.delete(path);
  return { type, arn: textOf(location.Arn), fields: found };
}

function fieldsOf({ types }: FieldLists, type: string | undefined, version: number): readonly Field[] {
  return type !== undefined && Object.hasOwn(types, type) ? types[type].filter(({ since }) => since <= version) : [];
}

function unknownOf({ Unknown: paths }: Members): ReadonlySet<unknown> {
  return new Set(Array.isArray(paths) ? paths : []);
}

/** Undefined for what says nothing. */
function normal(value: unknown, { form }: Field): string | undefined {
  if (isEmpty(value)) return undefined;
  const text = formed(value, form);
  return text === '' ? undefined : short(text);
}

function formed(value: unknown, form: Field['form']): string {
  switch (form) {
    case 'subdirectory': return bareSubdirectory(textOf(value) ?? canonical(value));
    case 'patterns': return Array.isArray(value) ? value.map(rule => patternsOf(membersOf(rule).Value)).filter(text => text !== '').sort().join('|') : canonical(value);
    case 'set': return Array.isArray(value) ? [...new Set(value.map(canonical))].sort().join() : canonical(value);
    case 'member': return isMembers(value) ? Object.keys(value).map(name => name.toUpperCase()).sort().join() : textOf(value) ?? canonical(value);
    case undefined: return textOf(value) ?? canonical(value);
  }
}

function patternsOf(value: unknown): string {
  return short(patternSet(textOf(value) ?? ''));
}

function at(members: Members, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => membersOf(value)[name], members);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function membersOf(value: unknown): Members {
  return isMembers(value) ? value : {};
}
