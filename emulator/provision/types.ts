/** A construct of a CDK app, by all that is needed of it, so that any release of the CDK does. */
export interface ConstructLike {
  readonly node: { readonly path: string };
}

/** A stack of a CDK app, likewise. */
export interface StackLike extends ConstructLike {
  readonly stackName: string;
  readonly templateFile: string;
  resolve(value: any): any;
}

/** A CloudFormation template. */
export interface TemplateLike {
  readonly Resources: Readonly<Record<string, any>>;
  readonly [section: string]: any;
}

/** A resource as a template has it. */
export interface ResourceLike {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, any>>;
}

/** How to provision. */
export interface ProvisionOptions {
  /** Values of the template's parameters, by their names. @default - the defaults in the template */
  readonly parameters?: Readonly<Record<string, string>>;

  /**
   * What references resolve to that nothing here knows: `LogicalId` for `Ref`, `LogicalId.Attribute` for `Fn::GetAtt`, the name of an
   * export for `Fn::ImportValue`, the whole text for a dynamic reference such as `{{resolve:ssm:/name}}`. They win over everything else.
   * @default - none
   */
  readonly values?: Readonly<Record<string, string>>;

  /**
   * What stands in for locations that exist already: the ARN that the template has, and the location as a template would create it,
   * such as `{ Type: 'AWS::DataSync::LocationS3', Properties: { ... } }`. @default - none
   */
  readonly imports?: Readonly<Record<string, ResourceLike>>;

  /** Account of a stack that names none: 12 digits. @default 000000000000 */
  readonly account?: string;

  /** Region of a stack that names none. @default us-east-1 */
  readonly region?: string;

  /** Whether the executions that the stack starts on deploy are started. @default true */
  readonly starts?: boolean;

  /** Called when everything is created and nothing has started yet: the moment to fill the sources of what starts on deploy. */
  prepare?(local: Provisioned): void | Promise<void>;
}

/** A location of the stack. */
export interface ProvisionedLocation {
  readonly logicalId: string;
  readonly arn: string;
  readonly uri: string;

  /** Folder that holds its content, made if it is below the emulator's root. Throws if a store has the content, such as an S3 endpoint. */
  readonly folder: string;
}

/** A task of the stack. */
export interface ProvisionedTask {
  readonly logicalId: string;
  readonly arn: string;
}

/** What was left out of the stack. */
export interface IgnoredResource {
  readonly logicalId: string;
  readonly type: string;
}

/** What one run does other than its task, in the words of the constructs. */
export interface RunOverrides {
  /** Options, named as in the constructs, such as `{ verifyMode: 'NONE' }`. @default - those of the task */
  readonly overrideOptions?: object;

  /** Patterns of what is transferred. @default - those of the task */
  readonly includes?: readonly string[];

  /** Patterns of what is not transferred. @default - those of the task */
  readonly excludes?: readonly string[];
}

/** What the service counts; more of it in Enhanced mode. */
export interface ExecutionCounters {
  readonly filesTransferred: number;
  readonly filesSkipped: number;
  readonly filesVerified: number;
  readonly filesDeleted: number;
  readonly bytesTransferred: number;
  readonly bytesWritten: number;
  readonly [name: string]: unknown;
}

/** One execution, at its end. */
export interface ExecutionResult {
  readonly arn: string;
  /** `SUCCESS` or `ERROR`. */
  readonly status: string;
  readonly ended: boolean;
  readonly errorCode?: string;
  readonly errorDetail?: string;
  readonly counters: ExecutionCounters;
  /** Files that were transferred, also if only their metadata was: paths below the location with a leading `/`, sorted. */
  readonly files: readonly string[];
  /** What was deleted at the destination; the path of a folder ends with a slash. */
  readonly deleted: readonly string[];
  readonly failed: ReadonlyArray<{ readonly path: string; readonly reason: string }>;
}

/** What a stack has of DataSync, created in an emulator. Things are named by their construct, or by their logical id. */
export interface Provisioned {
  /** Everything that was not created: nothing of DataSync, and no bucket that a location is in. */
  readonly ignored: readonly IgnoredResource[];

  /** Throws when the stack has no such location, or its condition does not hold. */
  location(location: ConstructLike | string): ProvisionedLocation;

  /** Throws when the stack has no such task, or its condition does not hold. */
  task(task: ConstructLike | string): ProvisionedTask;

  /** The execution that was started on deploy, at its end. Throws when the stack has no such start, or it was not started. */
  execution(execution: ConstructLike | string): ExecutionResult;

  /** Starts a task and waits for the end. Rejects when the start is refused; an execution that ends in ERROR is a result. */
  run(task: ConstructLike | string, overrides?: RunOverrides): Promise<ExecutionResult>;
}

/** What to provision: a stack, a template, the path of a template, or the folder of a cloud assembly. */
export type ProvisionSource = StackLike | TemplateLike | string;
