import { App, SecretValue, Stack } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { HOME, Place, Text, textOf, TransferCase } from './transfers';
import {
  Agent, Filter, ILocation, Location, LocationSecret, Options, S3Location, S3StorageClass, SmbAuthentication, SmbLocation, Task, TaskExecution,
  TaskMode,
} from '../../src';
import { DataSyncValidationError } from '../../src/validation/problems';
import { AGENT_ARN } from '../support/emulator';

/** What each side says of a task, and of a start of it: `undefined` where it accepts. A start of a task that is refused is not tried. */
export interface Verdict {
  readonly task?: string;
  readonly start?: string;
}

const ACCOUNT = '000000000000';

type Own = (stack: Stack, id: string, place: Place) => ILocation;
const agents = (stack: Stack, id: string) => [Agent.fromAgentArn(stack, `${id}Agent`, AGENT_ARN)];
const secret = LocationSecret.fromSecretValue(SecretValue.secretsManager('secret'));

/** Locations by the library's own classes, so that all is known of them. */
const OWN: { readonly [type: string]: Own } = {
  S3: (stack, id, { storageClass }) => new S3Location(stack, id, {
    bucket: Bucket.fromBucketName(stack, `${id}Bucket`, 'bucket'), storageClass: S3StorageClass.of(storageClass!),
  }),
  SMB: (stack, id) => new SmbLocation(stack, id, {
    serverHostname: 'server', subdirectory: '/share', agents: agents(stack, id), authentication: SmbAuthentication.ntlm({ user: 'user', password: secret }),
  }),
};

/** The library's checks, in one app: what it refuses it never renders. */
export class Synthesis {
  private readonly stack = new Stack(new App(), 'Differential', { env: { account: ACCOUNT, region: HOME } });
  private readonly locations = new Map<Place, ILocation>();
  private count = 0;

  verdict({ source, destination, name, mode, options, logGroup, includes, excludes, start }: TransferCase, arnOf: (place: Place) => string): Verdict {
    const number = this.count++;
    let task: Task;
    try {
      task = new Task(this.stack, `Task${number}`, {
        source: this.location(source, arnOf),
        destination: this.location(destination, arnOf),
        taskName: name,
        taskMode: mode as TaskMode | undefined,
        options: optionsOf(options),
        includes: filterOf(includes),
        excludes: filterOf(excludes),
        logGroup: logGroup === undefined ? undefined : LogGroup.fromLogGroupName(this.stack, `Log${number}`, logGroup),
      });
      refuseInvalid(task);
    } catch (error) {
      return { task: messageOf(error) };
    }
    try {
      refuseInvalid(new TaskExecution(this.stack, `Start${number}`, {
        task, overrideOptions: optionsOf(start.options), includes: filterOf(start.includes), excludes: filterOf(start.excludes),
      }));
      return {};
    } catch (error) {
      return { start: messageOf(error) };
    }
  }

  /** Others, and those of another Region, as locations of another app. */
  private location(place: Place, arnOf: (place: Place) => string): ILocation {
    let location = this.locations.get(place);
    if (!location) {
      const id = `Location${this.locations.size}`;
      const own = place.region === HOME ? OWN[place.type.value] : undefined;
      location = own?.(this.stack, id, place) ?? Location.fromLocationAttributes(this.stack, id, {
        locationArn: arnOf(place), locationType: place.type, agents: place.agentless ? [] : undefined,
      });
      this.locations.set(place, location);
    }
    return location;
  }
}

/** What is checked only when the template is made. */
function refuseInvalid(construct: Task | TaskExecution): void {
  const problems = construct.node.findAll().flatMap(({ node }) => node.validate());
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** The API's names are the library's with a capital. */
function optionsOf(options: Record<string, unknown>): Options {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name[0].toLowerCase() + name.slice(1), value]));
}

function filterOf(value: Text | undefined): Filter | undefined {
  return value === undefined ? undefined : Filter.simplePattern(textOf(value));
}

/** Only what the library refuses on purpose is a verdict. */
function messageOf(error: unknown): string {
  if (!(error instanceof DataSyncValidationError)) throw error;
  return error.problems.join('\n');
}
