import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { checkInteger, checkMember } from './checks';
import type { TransferDefinition } from './definition';
import { isBetweenObjects, isOverSmb, mayHaveSecurityDescriptors } from './definition';
import type { Problems } from './problems';
import { show } from './problems';
import type { WarningId } from './warnings';
import { warn } from './warnings';
import type { Options } from '../options';
import {
  Atime, Gid, LogLevel, Mtime, ObjectMetadata, ObjectTags, OverwriteMode, PosixPermissions, PreserveDeletedFiles, PreserveDevices,
  SecurityDescriptorCopyFlags, TaskQueueing, TransferMode, Uid, VerifyMode,
} from '../options';
import { TaskMode } from '../task-mode';

/** Options under the name of the property that they were given in. */
export interface OptionsLayer {
  readonly property: 'options' | 'overrideOptions';
  readonly options: Options;
}

type Name = keyof Options;

const VALUES: { [name in Exclude<Name, 'bytesPerSecond'>]-?: object } = {
  verifyMode: VerifyMode,
  overwriteMode: OverwriteMode,
  atime: Atime,
  mtime: Mtime,
  uid: Uid,
  gid: Gid,
  posixPermissions: PosixPermissions,
  preserveDeletedFiles: PreserveDeletedFiles,
  preserveDevices: PreserveDevices,
  taskQueueing: TaskQueueing,
  logLevel: LogLevel,
  transferMode: TransferMode,
  securityDescriptorCopyFlags: SecurityDescriptorCopyFlags,
  objectTags: ObjectTags,
  objectMetadata: ObjectMetadata,
};

/**
 * The options that an execution has in the end: those of the task, replaced one by one by those of the execution.
 *
 * Only what the last layer brings in is reported: the rest is the task's own and has been reported there.
 */
class EffectiveOptions {
  constructor(
    private readonly problems: Problems,
    private readonly scope: IConstruct,
    private readonly layers: readonly OptionsLayer[],
    /** Whether the options of the task are known, so that what is not set has the service's default. */
    private readonly complete: boolean,
  ) {}

  public is(name: Name, ...values: string[]): boolean {
    const value = this.layerOf(name)?.options[name];
    return typeof value === 'string' && !Token.isUnresolved(value) && values.includes(value);
  }

  public isUnset(name: Name): boolean {
    return this.complete && this.layerOf(name) === undefined;
  }

  public problem(names: Name[], rule: string, remedy: string): void {
    if (this.concerns(names)) this.problems.add(this.subject(names), rule, remedy);
  }

  public warning(id: WarningId, names: Name[], message: string): void {
    if (this.concerns(names)) warn(this.scope, id, `${this.subject(names)}: ${message}`);
  }

  /** Reports what a task leaves to the service. */
  public problemUnset(name: Name, rule: string, remedy: string): void {
    if (this.layers.length === 1 && this.isUnset(name)) this.problems.add(this.subject([name]), rule, remedy);
  }

  /** Warns of what a task leaves to the service. */
  public warnUnset(id: WarningId, name: Name, message: string): void {
    if (this.layers.length === 1 && this.isUnset(name)) warn(this.scope, id, `${this.subject([name])}: ${message}`);
  }

  private layerOf(name: Name): OptionsLayer | undefined {
    return this.layers.filter(layer => layer.options[name] !== undefined).at(-1);
  }

  private concerns(names: Name[]): boolean {
    return names.some(name => this.layerOf(name) !== undefined && this.layerOf(name) === this.layers.at(-1));
  }

  private subject(names: Name[]): string {
    return names.map(name => {
      const layer = this.layerOf(name);
      return layer ? `${layer.property}.${name} ${show(layer.options[name])}` : `${name} left to the service`;
    }).join(' with ');
  }
}

/**
 * Checks the options of a task (one layer) or of an execution (the task's, if they are known, and its own).
 *
 * @param layers the last one is the one that is checked
 */
export function checkOptions(problems: Problems, scope: IConstruct, layers: OptionsLayer[], transfer: TransferDefinition): void {
  const top = layers[layers.length - 1];
  const { property, options } = top;
  if (Token.isUnresolved(options) || typeof options !== 'object' || Array.isArray(options)) {
    problems.add(`${property} ${show(options)}`, 'must be an object, whose values may be tokens', `give the value to an option: ${property}: { verifyMode: ... }`);
    return;
  }
  const effective = new EffectiveOptions(problems, scope, layers, layers[0].property === 'options');

  for (const name of Object.keys(options)) {
    if (name in VALUES || name === 'bytesPerSecond') continue;
    problems.add(`${property}.${name} ${show((options as { [name: string]: unknown })[name])}`, 'is no option', `choose one of ${Object.keys(VALUES).join(', ')}, bytesPerSecond`);
  }
  for (const [name, members] of Object.entries(VALUES) as Array<[Exclude<Name, 'bytesPerSecond'>, object]>) {
    checkMember(problems, `${property}.${name}`, options[name], members);
  }
  checkInteger(problems, `${property}.bytesPerSecond`, options.bytesPerSecond, -1, Number.MAX_SAFE_INTEGER, 'bytes per second',
    'use 1048576 for 1 MiB/s, or -1 for no limit');

  checkTimes(effective, transfer);
  checkDeletion(effective);
  checkVerification(effective, transfer);
  checkLogging(effective, transfer);
  checkOwnership(effective);
  checkMetadata(effective, transfer);
}

function checkTimes(options: EffectiveOptions, { mode }: TransferDefinition): void {
  if (mode === TaskMode.ENHANCED && options.is('mtime', Mtime.NONE)) {
    options.problem(['mtime'], 'Enhanced mode always copies the time of last modification', 'leave mtime out, or use TaskMode.BASIC');
  }
  if (mode !== TaskMode.BASIC) return;
  const rule = 'in Basic mode, access time and modification time are copied together or not at all';
  if (options.is('atime', Atime.NONE) && (options.is('mtime', Mtime.PRESERVE) || options.isUnset('mtime'))) {
    options.problem(['atime', 'mtime'], rule, 'set mtime to Mtime.NONE, or leave both out to copy both');
  }
  if (options.is('mtime', Mtime.NONE) && (options.is('atime', Atime.BEST_EFFORT) || options.isUnset('atime'))) {
    options.problem(['mtime', 'atime'], rule, 'set atime to Atime.NONE, or leave both out to copy both');
  }
}

function checkDeletion(options: EffectiveOptions): void {
  if (options.is('transferMode', TransferMode.ALL) && options.is('preserveDeletedFiles', PreserveDeletedFiles.REMOVE)) {
    options.problem(['transferMode', 'preserveDeletedFiles'], 'a transfer that does not compare cannot delete',
      'use TransferMode.CHANGED, or PreserveDeletedFiles.PRESERVE');
  }
}

function checkVerification(options: EffectiveOptions, { mode, destination }: TransferDefinition): void {
  const remedy = 'use VerifyMode.ONLY_FILES_TRANSFERRED or VerifyMode.NONE';
  const archive = destination?.archive;
  if (options.is('verifyMode', VerifyMode.POINT_IN_TIME_CONSISTENT)) {
    if (mode === TaskMode.ENHANCED) {
      options.problem(['verifyMode'], 'Enhanced mode verifies transferred data only', remedy);
    }
    if (archive) {
      options.problem(['verifyMode'], `a destination of ${archive} cannot be read back`, remedy);
    }
  }
  if (archive && mode === TaskMode.BASIC) {
    options.warnUnset('verifyModeOfArchive', 'verifyMode', `the service would check everything, which a destination of ${archive} `
      + `does not allow; ${remedy}`);
  }
}

function checkLogging(options: EffectiveOptions, { mode, hasLogGroup }: TransferDefinition): void {
  if (mode === TaskMode.BASIC && hasLogGroup === false && options.is('logLevel', LogLevel.BASIC, LogLevel.TRANSFER)) {
    options.warning('logLevelWithoutLogGroup', ['logLevel'], 'nothing is logged, as the task has no log group, and the service may refuse the task with '
      + 'LogLevelSetWithNoLogGroup (reported, not documented); give the task a logGroup');
  }
  if (hasLogGroup && options.is('logLevel', LogLevel.OFF)) {
    options.warning('logGroupUnused', ['logLevel'], 'nothing is logged, although the task has a log group; use LogLevel.BASIC or LogLevel.TRANSFER');
  }
  if (hasLogGroup) {
    options.warnUnset('logGroupUnused', 'logLevel', 'nothing is logged, although the task has a log group; use LogLevel.BASIC or LogLevel.TRANSFER');
  }
}

function checkOwnership(options: EffectiveOptions): void {
  for (const name of ['uid', 'gid'] as const) {
    if (options.is(name, Uid.NAME, Uid.BOTH)) {
      options.warning('ownershipUnsupported', [name], 'the service does not support this value today; use INT_VALUE or NONE');
    }
  }
  const half = (one: 'uid' | 'gid', other: 'uid' | 'gid') =>
    options.is(one, Uid.NONE) && (options.is(other, Uid.INT_VALUE) || options.isUnset(other));
  if (half('uid', 'gid') || half('gid', 'uid')) {
    options.warning('ownershipHalf', ['uid', 'gid'], 'AWS documents owner and group as one setting, and not what becomes of half of it; set both to the same value');
  }
}

function checkMetadata(options: EffectiveOptions, transfer: TransferDefinition): void {
  const pair = `source of type ${transfer.source?.type ?? 'unknown'} and destination of type ${transfer.destination?.type ?? 'unknown'}`;
  for (const [name, value] of [['posixPermissions', PosixPermissions.PRESERVE], ['uid', Uid.INT_VALUE], ['gid', Gid.INT_VALUE]] as const) {
    if (!options.is(name, value)) continue;
    const remedy = `leave ${name} out, or set it to NONE`;
    if (isBetweenObjects(transfer)) {
      options.problem([name], `there is no POSIX metadata between ${pair}`, remedy);
    } else if (isOverSmb(transfer)) {
      options.warning('posixOptionsOverSmb', [name], `there is no POSIX metadata to copy between ${pair}, and it is not known what the service makes of the option; ${remedy}`);
    }
  }
  if (!mayHaveSecurityDescriptors(transfer)
    && options.is('securityDescriptorCopyFlags', SecurityDescriptorCopyFlags.OWNER_DACL, SecurityDescriptorCopyFlags.OWNER_DACL_SACL)) {
    options.problem(['securityDescriptorCopyFlags'], `there are no Windows security descriptors between ${pair}`,
      'leave securityDescriptorCopyFlags out, or set it to NONE');
  }
  checkTags(options, transfer);
  const noDevices = transfer.source?.noDevices ?? transfer.destination?.noDevices;
  if (noDevices !== undefined && options.is('preserveDevices', PreserveDevices.PRESERVE)) {
    options.problem(['preserveDevices'], noDevices, 'leave preserveDevices out');
  }
}

/** Between object stores, tags are copied unless that is turned off. */
function checkTags(options: EffectiveOptions, transfer: TransferDefinition): void {
  const noTags = transfer.source?.noTags ?? transfer.destination?.noTags;
  if (noTags === undefined || !isBetweenObjects(transfer)) return;
  const remedy = 'set objectTags to ObjectTags.NONE';
  if (transfer.mode === TaskMode.ENHANCED) {
    const rule = `${noTags}, without which an execution in Enhanced mode fails at once`;
    if (options.is('objectTags', ObjectTags.PRESERVE)) options.problem(['objectTags'], rule, remedy);
    options.problemUnset('objectTags', rule, remedy);
  } else if (transfer.mode === TaskMode.BASIC) {
    const message = `${noTags}, so that the copy of each object with tags fails; ${remedy}`;
    if (options.is('objectTags', ObjectTags.PRESERVE)) options.warning('objectTagsUnsupported', ['objectTags'], message);
    options.warnUnset('objectTagsUnsupported', 'objectTags', message);
  }
}
