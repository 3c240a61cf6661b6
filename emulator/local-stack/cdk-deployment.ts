import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CdkWorkspace } from './app';
import { writeContext } from './app';
import { answerZones } from './availability-zones';
import type { CdkCli } from './cdk-cli';
import { reasonOf, runCdk } from './cdk-cli';
import { cdkEnvironment, missed } from './environment';
import { LocalStackError } from './error';
import type { LocalStack } from './local-stack';
import type { StackArtifact } from './stack-order';
import { environmentsOf, inOrder, stacksOf } from './stack-order';
import { StackWatch } from './stack-watch';
import { TASK_EXECUTION_RESOURCE_TYPE } from '../../src/task-execution/contract';
import type { LocalizeResult } from '../cdk/localize';
import { localize } from '../cdk/localize';
import { callAws } from '../local-services/aws-call';
import type { Scope } from '../model/scope';

/** Stack name to output name to value. */
export type StackOutputs = Record<string, Record<string, string>>;

export interface DeploymentOptions {
  readonly stack: LocalStack;
  readonly cli: CdkCli;
  readonly workspace: CdkWorkspace;
  /** Account and Region of the stacks that name none. */
  readonly scope: Scope;
  /** Variables that the app gets besides those that every app gets. */
  readonly passed?: Readonly<Record<string, string>>;
  /** Values of parameters of the templates, as the CDK CLI takes them. */
  readonly parameters?: readonly string[];
  /** Gets what the CDK CLI and the app write, but for the bootstrap. */
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** The steps of a deployment, each with the CDK CLI of the project. */
export class CdkDeployment {
  private readonly logFile: string;

  constructor(private readonly options: DeploymentOptions) {
    this.logFile = join(options.stack.logFolder, 'cdk.log');
  }

  /**
   * Synthesizes into the folder of the workspace, without lookups but for the names of availability zones, which are answered here.
   *
   * @param onZones is told which names
   * @throws LocalStackError when the app does not synthesize
   */
  public async synthesize(onZones: (names: readonly string[]) => void): Promise<void> {
    const { workspace } = this.options;
    try {
      await this.synthesizeOnce();
    } catch (error) {
      const names = error instanceof LocalStackError ? answerZones(workspace.folder, workspace.assembly) : undefined;
      if (!names) throw error;
      onZones(names);
      writeContext(workspace.project, workspace.folder);
      await this.synthesizeOnce();
    }
  }

  private async synthesizeOnce(): Promise<void> {
    const { workspace } = this.options;
    rmSync(workspace.assembly, { recursive: true, force: true });
    await this.run(['synth', '--quiet', '--output', workspace.assembly, '--no-lookups'], this.options.scope, reason =>
      /context lookups have been disabled/i.test(reason)
        ? `the app needs a context lookup, which a local stack cannot answer: ${reason}; run "npx cdk synth" once against AWS, which writes cdk.context.json, and give the --account and --region that it was made for`
        : `the app does not synthesize: ${reason}${this.missed(reason)}`);
  }

  /** What the user has set and the app, which gets a clean environment, seems to have looked for. */
  private missed(reason: string): string {
    const names = missed(process.env, this.options.passed ?? {}, reason);
    return names.length === 0 ? '' : `; of your environment the app gets only what was asked for: give ${names.map(name => `--env ${name}`).join(' ')}`;
  }

  /** @throws AssemblyError when there is a resource that cannot be had here; nothing has been created then */
  public localize(): LocalizeResult {
    const { stack, workspace } = this.options;
    return localize(workspace.assembly, { endpoint: stack.endpoints.datasync, standIns: true, root: stack.state.root });
  }

  public get stacks(): readonly StackArtifact[] {
    return stacksOf(this.options.workspace.assembly);
  }

  /** How many resources each stack has, by its name. */
  public get resourceCounts(): ReadonlyMap<string, number> {
    return new Map(this.stacks.map(({ name, template }) => [name, Object.keys((JSON.parse(readFileSync(template, 'utf8')) as { Resources?: object }).Resources ?? {}).length]));
  }

  /** Whether a template, of a nested stack or a stage too, starts a task when it is deployed. */
  public get hasStarts(): boolean {
    const files = readdirSync(this.options.workspace.assembly, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.template.json'));
    return files.some(name => readFileSync(join(this.options.workspace.assembly, name), 'utf8').includes(`"${TASK_EXECUTION_RESOURCE_TYPE}"`));
  }

  /**
   * Bootstraps every account and Region that the stacks name and that is not yet.
   *
   * @param onStart is told which
   */
  public async bootstrap(onStart: (environment: string) => void): Promise<void> {
    for (const { account, region, qualifier } of environmentsOf(this.stacks, this.options.scope)) {
      if (await this.isBootstrapped({ account, region }, qualifier)) continue;
      const name = `aws://${account}/${region}`;
      onStart(name);
      const own = qualifier === DEFAULT_QUALIFIER ? [] : ['--qualifier', qualifier, '--toolkit-stack-name', `CDKToolkit-${qualifier}`];
      await this.run(['bootstrap', name, '--app', this.options.workspace.assembly, ...own], { account, region }, reason => `cannot bootstrap ${name}: ${reason}`, () => undefined);
    }
  }

  /**
   * Deploys all stacks, account by account, and returns their outputs.
   *
   * @throws LocalStackError when a stack cannot be deployed
   */
  public async deploy(): Promise<StackOutputs> {
    const { workspace, scope, parameters = [] } = this.options;
    const given = parameters.flatMap(each => ['--parameters', each]);
    const outputs: StackOutputs = {};
    for (const { account, ids } of inOrder(this.stacks, scope)) {
      const file = join(workspace.folder, 'outputs.json');
      rmSync(file, { force: true });
      const args = ['deploy', ...ids, '--exclusively', '--app', workspace.assembly, '--require-approval', 'never', ...DEPLOYMENT, '--outputs-file', file, ...given];
      await this.run(args, { ...scope, account }, reason => {
        const [, missing] = /Parameters are missing a value: (\S+)/.exec(reason) ?? [];
        return `the deployment failed: ${reason}${missing ? `; give --parameters ${missing.replace(/,$/, '')}=VALUE` : ''}`;
      });
      Object.assign(outputs, readOutputs(file));
    }
    return outputs;
  }

  private async isBootstrapped(scope: Scope, qualifier: string): Promise<boolean> {
    const operation = { service: 'ssm', target: 'AmazonSSM.GetParameter' };
    try {
      await callAws(this.options.stack.endpoints.aws, operation, scope, { Name: `/cdk-bootstrap/${qualifier}/version` });
      return true;
    } catch {
      return false;
    }
  }

  private async run(
    args: readonly string[], scope: Scope, problem: (reason: string) => string, onLine = this.options.onLine ?? (() => undefined),
  ): Promise<void> {
    const { stack, cli, workspace, passed = {}, signal } = this.options;
    const watch = new StackWatch(stack, workspace.assembly);
    try {
      const result = await runCdk(cli, ['--no-color', ...args], {
        cwd: workspace.folder,
        env: cdkEnvironment(process.env, passed, stack.endpoints, scope, stack.surroundings),
        output: { logFile: this.logFile, onLine },
        signal: watch.signal(signal),
      });
      if (result.code !== 0) throw new LocalStackError(problem(reasonOf(result)));
    } catch (error) {
      throw signal?.aborted ? error : watch.problem ?? error;
    } finally {
      watch.stop();
    }
  }
}

/** MiniStack sees nothing to do in a change set of which only outputs are new, so that another stack would not find an export. */
const DEPLOYMENT = ['--method', 'direct', '--progress', 'events'];

const DEFAULT_QUALIFIER = 'hnb659fds';

/** The CDK CLI writes no file when no stack has any. */
function readOutputs(file: string): StackOutputs {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as StackOutputs : {};
}
