import type { Clock } from './clock';
import type { FaultPlan } from './faults/plan';
import type { StateChangeEvent } from './model/events';
import type { TaskUnavailability } from './model/task-availability';
import { folder, newFolder, port, url } from './option-checks';
import type { Check } from './option-checks';

/** How to start an emulator. */
export interface EmulatorOptions {
  /** Port on loopback; 0 takes any that is free. @default 4580 */
  readonly port?: number;

  /** Folder that holds the content of every file system location, `<root>/<kind>/<host or file system id>/<subdirectory>`. */
  readonly root: string;

  /**
   * Folders elsewhere that stand in for file systems: what a location's URI begins with, such as `nfs://host/export`, and the folder.
   * The longest beginning wins. @default - everything is below `root`
   */
  readonly mounts?: Readonly<Record<string, string>>;

  /** URL of the S3 endpoint that S3 locations are reached through. @default AWS_ENDPOINT_URL_S3, else the bucket is the folder `<root>/s3/<bucket>` */
  readonly s3Endpoint?: string;

  /**
   * URL of a Blob endpoint that holds the containers of Azure, as Azurite is one: `<endpoint>/<account>/<container>`.
   * @default - they are folders below `root`
   */
  readonly azureEndpoint?: string;

  /**
   * URL of an endpoint that has Secrets Manager, for locations whose keys are a secret of the caller's own.
   * @default AWS_ENDPOINT_URL_SECRETS_MANAGER, else such secrets are refused where they are needed
   */
  readonly secretsEndpoint?: string;

  /** The clock that schedules, retention and all reported times go by; `ManualClock` is one that tests move. @default the machine's */
  readonly clock?: Clock;

  /**
   * Folder in which everything that the emulator knows is kept, so that it is still there when the next one starts with it, even if this one
   * is killed. Secrets of locations are in it too: only its owner can read it. @default - nothing outlives the emulator
   */
  readonly stateFolder?: string;

  /** URL of an endpoint that has EventBridge, for the state changes. @default - they go to `onEvent` alone */
  readonly eventsEndpoint?: string;

  /** What the events at that endpoint say they come from. EventBridge itself takes none from `aws.*`. @default local.datasync */
  readonly eventsSource?: string;

  /** URL of an endpoint that has CloudWatch Logs, for the logs of executions. @default - they go to `logFolder` */
  readonly logsEndpoint?: string;

  /** Folder for the logs of executions, `<group>/<stream>.log`. @default - none are written */
  readonly logFolder?: string;

  /** What is to go wrong on purpose. @default nothing */
  readonly faults?: FaultPlan;

  /** Gets every state change of agents, locations, tasks and executions, as EventBridge would deliver it. */
  onEvent?(event: StateChangeEvent): void;

  /** Makes a task CREATING or UNAVAILABLE for as long as it says so. For tests of clients. @default every task can be started at once */
  unavailabilityOf?(taskArn: string): TaskUnavailability | undefined;
}

/** No endpoint, whatever the environment says. */
const urlOrNone: Check = value => value === '' ? undefined : url(value);

const CHECKS: Readonly<Record<string, Check>> = {
  port,
  root: folder,
  s3Endpoint: urlOrNone,
  azureEndpoint: urlOrNone,
  secretsEndpoint: urlOrNone,
  stateFolder: newFolder,
  eventsEndpoint: urlOrNone,
  logsEndpoint: urlOrNone,
  logFolder: newFolder,
};

/** Where values come from that are not given. */
const VARIABLES: Readonly<Record<string, string>> = { s3Endpoint: 'AWS_ENDPOINT_URL_S3', secretsEndpoint: 'AWS_ENDPOINT_URL_SECRETS_MANAGER' };

/**
 * The options, and what the environment has in place of those that are not given.
 *
 * @throws Error that names all that are wrong
 */
export function checkedOptions(options: EmulatorOptions): EmulatorOptions {
  const fromEnvironment = Object.entries(VARIABLES)
    .filter(([name]) => Reflect.get(options, name) === undefined)
    .map(([name, variable]) => [name, process.env[variable]]);
  const complete: EmulatorOptions = { ...options, ...Object.fromEntries(fromEnvironment) };
  const problems = Object.entries(CHECKS).flatMap(([name, check]) => {
    const value: unknown = Reflect.get(complete, name);
    const problem = value === undefined && name !== 'root' ? undefined : check(value);
    const shown = Reflect.get(options, name) === value ? name : VARIABLES[name];
    return problem ? [`${shown} ${problem}, got ${String(JSON.stringify(value)).slice(0, 200)}`] : [];
  });
  if (problems.length > 0) throw new Error(`The emulator cannot start: ${problems.join('; ')}`);
  return complete;
}
