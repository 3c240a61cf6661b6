import { agentMachine, isAgentMachine } from './agent-machine';
import type { Template } from './assembly';
import { Assembly } from './assembly';
import { functionCode } from './function-code';
import { AssemblyError } from './manifest';
import { hasMiniStack } from './ministack-types';
import { isOnOwnFileSystem, toApi } from './resource-properties';
import { RESOURCE_TYPES } from './resource-types';
import { referToSecretsByArn } from './secret-references';
import { STAND_INS } from './stand-ins';
import { EVENT_SOURCE, LOCAL_EVENT_SOURCE } from '../model/events';


export interface LocalizeOptions {
  /** The URL of the DataSync emulator, as the functions of the deployed stacks reach it. */
  readonly endpoint: string;

  /** What the events of the DataSync emulator say they come from. @default local.datasync */
  readonly eventsSource?: string;

  /** Replaces what MiniStack does not have by stand-ins. @default - everything but DataSync stays as it is */
  readonly standIns?: boolean;

  /** The root of the emulator: what the app makes of file systems gets its folder there. @default - no folders are made */
  readonly root?: string;
}

/** A resource that is not really there. */
export interface ReplacedResource {
  readonly logicalId: string;
  readonly type: string;
}

/** What a run changed; all zero when the assembly had been localized with the same options before. */
export interface LocalizeResult {
  /** Resources that now call the emulator. */
  readonly resources: number;
  /** Template files that were rewritten. */
  readonly templates: number;
  /** Resources that stand-ins answer for. */
  readonly standIns: readonly ReplacedResource[];
}

const DATASYNC = 'AWS::DataSync::';
const CUSTOM = 'Custom::DataSync';
const STAND_IN = 'Custom::LocalStandIn';
const FUNCTION_ID = 'DataSyncEmulatorFunction';
const ROLE_ID = 'DataSyncEmulatorRole';
const ENDPOINT_VARIABLE = 'AWS_ENDPOINT_URL_DATASYNC';
const SERVICE_TIMEOUT_SECONDS = 120;

/**
 * Makes a synthesized cloud assembly deployable on a CloudFormation emulator that has custom resources but no DataSync.
 *
 * Rewrites the assembly in place: each `AWS::DataSync::*` resource becomes a custom resource that makes the same API call
 * on the DataSync emulator, every function gets the emulator's URL, rules for DataSync's events get the emulator's as well, and a schedule that
 * calls DataSync calls the emulator.
 * Everything else stays as it is.
 *
 * @throws AssemblyError when it is no assembly or a resource cannot be had; nothing is written then
 */
export function localize(assemblyFolder: string, options: LocalizeOptions): LocalizeResult {
  if (!URL.canParse(options.endpoint) || !/^https?:$/.test(new URL(options.endpoint).protocol)) {
    throw new AssemblyError(`endpoint "${options.endpoint}" is not an http or https URL, such as http://127.0.0.1:4580`);
  }
  const assembly = new Assembly(assemblyFolder);
  const problems: string[] = [];
  const standIns: ReplacedResource[] = [];
  let resources = 0;
  for (const template of assembly.templates) {
    if (options.standIns) referToSecretsByArn(template);
    const replaced = options.standIns ? standInFor(template, options, problems) : [];
    standIns.push(...replaced);
    resources += localizeTemplate(template, options, problems, replaced.length > 0);
  }
  if (problems.length > 0) throw new AssemblyError(problems.join('\n'));
  return { resources, standIns, templates: assembly.write() };
}

/** @param needsFunction for more than the resources of DataSync */
function localizeTemplate({ file, body }: Template, options: LocalizeOptions, problems: string[], needsFunction: boolean): number {
  const { endpoint, eventsSource = LOCAL_EVENT_SOURCE, root } = options;
  const resources: Record<string, any> = body.Resources ?? {};
  const datasync = Object.entries(resources).filter(([, resource]) => String(resource?.Type).startsWith(DATASYNC));
  for (const [id, resource] of datasync) {
    const type = RESOURCE_TYPES[resource.Type];
    if (!type) {
      problems.push(`${file}: ${id} has the type ${resource.Type}, which the emulator does not have; it has ${Object.keys(RESOURCE_TYPES).join(', ')}`);
      continue;
    }
    resource.Type = CUSTOM + resource.Type.slice(DATASYNC.length);
    resource.Properties = {
      ServiceToken: { 'Fn::GetAtt': [FUNCTION_ID, 'Arn'] },
      ServiceTimeout: SERVICE_TIMEOUT_SECONDS,
      Api: type.api,
      Kind: type.kind,
      InPlace: type.inPlace,
      Attributes: type.attributes,
      ...root !== undefined && isOnOwnFileSystem(resource.Properties) && { Root: root },
      Properties: toApi(resource.Properties ?? {}, type),
    };
  }
  const schedules = Object.values(resources).filter(callsDataSync);
  schedules.forEach(callEmulator);
  if (datasync.length + schedules.length > 0 || needsFunction) {
    for (const id of [FUNCTION_ID, ROLE_ID].filter(each => resources[each])) {
      problems.push(`${file}: the logical id ${id} is needed for the function that calls the emulator, but a ${resources[id].Type} has it; rename that`);
    }
    body.Resources = { ...resources, ...functionResources() };
  }
  for (const [id, resource] of Object.entries<any>(body.Resources ?? {})) {
    if (resource?.Type === 'AWS::Lambda::Function') setEndpoint(`${file}: ${id}`, resource, endpoint, problems);
    if (resource?.Type === 'AWS::Events::Rule') widenPattern(resource.Properties?.EventPattern, eventsSource);
  }
  return datasync.length;
}

/** The target of a schedule that makes one call of DataSync: a universal target. */
const UNIVERSAL_TARGET = /:scheduler:::aws-sdk:datasync:(\w+)/;

function callsDataSync(resource: any): boolean {
  return resource?.Type === 'AWS::Scheduler::Schedule' && UNIVERSAL_TARGET.test(JSON.stringify(resource.Properties?.Target?.Arn ?? ''));
}

/** Lets such a schedule call the function instead, which makes the same call: no emulator of schedules has the API of the emulator of DataSync. */
function callEmulator({ Properties: { Target: target } }: any): void {
  const [, action] = UNIVERSAL_TARGET.exec(JSON.stringify(target.Arn))!;
  const operation = action.replace(/^./, first => first.toUpperCase());
  target.Arn = { 'Fn::GetAtt': [FUNCTION_ID, 'Arn'] };
  target.Input = { 'Fn::Join': ['', [`{"Operation":"${operation}","Input":`, target.Input ?? '{}', '}']] };
}

/** Replaces what MiniStack does not have. */
function standInFor({ file, body }: Template, { endpoint }: LocalizeOptions, problems: string[]): ReplacedResource[] {
  const resources: Record<string, any> = body.Resources ?? {};
  const missing = Object.entries(resources).filter(([, resource]) => {
    const type = String(resource?.Type);
    return !type.startsWith(DATASYNC) && !hasMiniStack(type, resource?.Properties);
  });
  return missing.flatMap(([logicalId, resource]) => {
    const type = String(resource?.Type);
    const standIn = isAgentMachine(resources, logicalId) ? agentMachine(endpoint) : STAND_INS[type];
    if (!standIn) {
      problems.push(`${file}: ${logicalId} has the type ${type}, which MiniStack does not have and nothing here can stand in for; leave it out of the local deployment, `
        + 'for example with a context value that the app looks at');
      return [];
    }
    for (const attribute of attributesOf(body, logicalId).filter(each => !standIn.Attributes?.[each])) {
      problems.push(`${file}: something refers to the attribute ${attribute} of ${logicalId}, a ${type}, for which the stand-in has no value`);
    }
    const { CreationPolicy: _, UpdatePolicy: __, ...kept } = resource;
    resources[logicalId] = {
      ...kept,
      Type: STAND_IN,
      Properties: {
        ServiceToken: { 'Fn::GetAtt': [FUNCTION_ID, 'Arn'] },
        ServiceTimeout: SERVICE_TIMEOUT_SECONDS,
        OriginalType: type,
        StandIn: { PhysicalId: standIn.Ref, Attributes: standIn.Attributes }, // a member Ref would be an intrinsic function
      },
    };
    return [{ logicalId, type }];
  });
}

/** The attributes of a resource that something in the template asks for. */
function attributesOf(value: any, logicalId: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]: [string, any]) => {
    if (key === 'Fn::GetAtt') {
      const [id, attribute] = Array.isArray(each) ? each : String(each).split(/\.(.*)/s);
      return id === logicalId ? [String(attribute)] : [];
    }
    const text = key === 'Fn::Sub' ? [each].flat()[0] : undefined;
    const inText = typeof text === 'string' ? [...text.matchAll(/\$\{([^.}!]+)\.([^}]+)\}/g)].filter(([, id]) => id === logicalId).map(([, , name]) => name) : [];
    return [...inText, ...attributesOf(each, logicalId)];
  });
}

function setEndpoint(where: string, lambda: any, endpoint: string, problems: string[]): void {
  const properties = lambda.Properties ??= {};
  const variables = (properties.Environment ??= {}).Variables ??= {};
  const intrinsic = [properties.Environment, variables].flatMap(Object.keys).find(key => key.startsWith('Fn::') || key === 'Ref');
  if (intrinsic) {
    problems.push(`${where} has ${intrinsic} for its environment, to which ${ENDPOINT_VARIABLE} cannot be added; write the variables out`);
    return;
  }
  variables[ENDPOINT_VARIABLE] = endpoint;
}

/** Lets a pattern that takes the service's events take those of the emulator as well. */
function widenPattern(pattern: any, eventsSource: string): void {
  const { source, $or: alternatives } = Object(pattern);
  if (Array.isArray(source) && source.includes(EVENT_SOURCE) && !source.includes(eventsSource)) source.push(eventsSource);
  if (Array.isArray(alternatives)) alternatives.forEach(each => widenPattern(each, eventsSource));
}

/** One function for all DataSync resources of a template. */
function functionResources(): Record<string, any> {
  return {
    [ROLE_ID]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
        ManagedPolicyArns: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole' }],
      },
    },
    [FUNCTION_ID]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Description: 'Calls the DataSync emulator for CloudFormation, or stands in for a resource',
        Code: { ZipFile: functionCode() },
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': [ROLE_ID, 'Arn'] },
        Runtime: 'nodejs22.x',
        Timeout: SERVICE_TIMEOUT_SECONDS - 10,
      },
    },
  };
}
