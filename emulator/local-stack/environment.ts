import { dirname } from 'node:path';
import type { Scope } from '../model/scope';
import { DEFAULT_SCOPE } from '../model/scope';

/** The endpoints that all calls go to. */
export interface Endpoints {
  readonly aws: string;
  readonly datasync: string;
}

/** Folders and files of the local stack that stand in for those of the user. */
export interface Surroundings {
  /** In place of the home folder. */
  readonly home: string;
  readonly temporary: string;
  /** Empty, in place of the files that have profiles and credentials. */
  readonly configFile: string;
  readonly credentialsFile: string;
}

/**
 * What a CDK app and the tools that it is written with may need of the user's environment, and nothing that leads to AWS:
 * no variable that begins with `AWS_`, whatever its name. What an app reads besides is given by name.
 */
const ALLOWED = new Set([
  'PATH', 'LANG', 'LANGUAGE', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TERM', 'COLORTERM', 'NO_COLOR', 'FORCE_COLOR', 'USER', 'LOGNAME', 'SHELL', 'CI',
  'NODE_PATH', 'NODE_EXTRA_CA_CERTS', 'NVM_DIR', 'NVM_BIN', 'VOLTA_HOME', 'FNM_DIR', 'FNM_MULTISHELL_PATH', 'ASDF_DIR', 'ASDF_DATA_DIR', 'MISE_DATA_DIR',
  'VIRTUAL_ENV', 'PYENV_ROOT', 'PYENV_VERSION', 'CONDA_PREFIX', 'PYTHONPATH', 'POETRY_HOME', 'UV_CACHE_DIR',
  'JAVA_HOME', 'M2_HOME', 'MAVEN_HOME', 'GRADLE_HOME', 'GRADLE_USER_HOME', 'GOPATH', 'GOROOT', 'GOCACHE', 'GOMODCACHE', 'DOTNET_ROOT',
  'DOCKER_HOST', 'CDK_DOCKER', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME',
]);

/** Names of variables that decide where calls go, or with which credentials: they are never taken from the user. */
export function leadsToAws(name: string): boolean {
  return /^(AWS_|CDK_|AMAZON_)/i.test(name) && !ALLOWED.has(name);
}

/** The environment of the servers, and of all functions that they run. */
export function serverEnvironment(path: string | undefined, surroundings: Surroundings): Record<string, string> {
  return {
    PATH: `${dirname(process.execPath)}:${path}`, // functions run on this very Node.js
    LANG: 'C.UTF-8',
    NODE_NO_WARNINGS: '1',
    HOME: surroundings.home,
    TMPDIR: surroundings.temporary,
    ...credentials(DEFAULT_SCOPE, surroundings),
    AWS_ACCESS_KEY_ID: 'test',
  };
}

/**
 * The environment of the CDK CLI and of the app: built from a list, never the caller's. `HOME` is not the user's either; the app gets that back.
 *
 * @param passed variables that the app reads besides
 */
export function cdkEnvironment(
  user: NodeJS.ProcessEnv, passed: Readonly<Record<string, string>>, endpoints: Endpoints, scope: Scope, surroundings: Surroundings,
): Record<string, string> {
  const taken = [...ALLOWED].filter(name => user[name] !== undefined);
  return {
    ...Object.fromEntries(taken.map(name => [name, user[name]!])),
    ...Object.fromEntries(Object.entries(passed).filter(([name]) => !leadsToAws(name))),
    HOME: surroundings.home,
    TMPDIR: surroundings.temporary,
    CDK_HOME: surroundings.home, // the CLI does not ask HOME for the place of its caches
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DISABLE_VERSION_CHECK: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...clientEnvironment(endpoints, scope, surroundings),
  };
}

/** Variables of the user that an app may have missed: its words name them. They are told without their values, which may be secret. */
export function missed(user: NodeJS.ProcessEnv, passed: Readonly<Record<string, string>>, words: string): string[] {
  const said = new Set(words.match(/\w+/g));
  const isWithheld = (name: string) => !ALLOWED.has(name) && !Object.hasOwn(passed, name) && !leadsToAws(name) && !SET_HERE.has(name);
  return Object.keys(user).filter(name => said.has(name) && isWithheld(name)).sort();
}

const SET_HERE = new Set(['HOME', 'TMPDIR']);

/** What `aws`, boto3 and the SDKs need, to talk to the local stack and to nothing else. */
export function clientEnvironment(endpoints: Endpoints, scope: Scope, surroundings: Surroundings): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoints.aws,
    AWS_ENDPOINT_URL_DATASYNC: endpoints.datasync,
    ...credentials(scope, surroundings),
  };
}

/** The account is the access key id, as MiniStack and the emulator have it. */
function credentials({ account, region }: Scope, { configFile, credentialsFile }: Surroundings): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: configFile,
    AWS_SHARED_CREDENTIALS_FILE: credentialsFile,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

const MISLEADING = /^AWS_(PROFILE$|DEFAULT_PROFILE$|SESSION_TOKEN|SECURITY_TOKEN|ROLE_ARN|WEB_IDENTITY|CONTAINER_|USE_|ENDPOINT_URL_(?!DATASYNC$))/;

/** The endpoints are HTTP, and clients do not leave out loopback by themselves. */
const PROXY = /^(HTTP_PROXY|http_proxy)$/;

/** Variables that would lead a client elsewhere in spite of those above. */
export function misleading(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env).filter(name => MISLEADING.test(name) || PROXY.test(name)).sort();
}
