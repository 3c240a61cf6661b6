import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AppView } from './app';
import { writeContext } from './app';
import { answerZones } from './availability-zones';
import type { BrokenFunction } from './broken-function';
import { brokenFunction } from './broken-function';
import type { CdkCli } from './cdk-cli';
import { reasonOf, runCdk } from './cdk-cli';
import type { Client } from './environment';
import { cdkEnvironment } from './environment';
import { LocalStackError } from './error';
import type { LocalStack } from './local-stack';
import type { StackArtifact } from './manifest';
import { environmentsOf, inOrder, stacksOf } from './manifest';
import type { LocalizeResult } from '../cdk/localize';
import { localize } from '../cdk/localize';
import { callAws } from '../local-services/aws-call';

/** Stack name to output name to value. */
export type StackOutputs = Record<string, Record<string, string>>;

export interface DeploymentOptions {
  readonly stack: LocalStack;
  readonly cli: CdkCli;
  readonly view: AppView;
  /** Account and Region of the stacks that name none. */
  readonly client: Client;
  /** Names of variables that the app gets of the caller's environment, besides those that every app gets. */
  readonly passed?: readonly string[];
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
   * Synthesizes into the folder of the view, without lookups but for the names of availability zones, which are answered here.
   *
   * @param onZones is told which names
   * @throws LocalStackError when the app does not synthesize
   */
  public async synthesize(onZones: (names: readonly string[]) => void): Promise<void> {
    const { view } = this.options;
    try {
      await this.synthesizeOnce();
    } catch (error) {
      const names = error instanceof LocalStackError ? answerZones(view.folder, view.assembly) : undefined;
      if (!names) throw error;
      onZones(names);
      writeContext(view.project, view.folder);
      await this.synthesizeOnce();
    }
  }

  private async synthesizeOnce(): Promise<void> {
    const { view } = this.options;
    rmSync(view.assembly, { recursive: true, force: true });
    await this.run(['synth', '--quiet', '--output', view.assembly, '--no-lookups'], this.options.client, reason =>
      /lookup/i.test(reason)
        ? `the app needs a context lookup, which a local stack cannot answer: ${reason}; run "npx cdk synth" once against AWS, which writes cdk.context.json, and give the --account and --region that it was made for`
        : `the app does not synthesize: ${reason}`);
  }

  /** @throws LocalizeError when there is a resource that cannot be had here; nothing has been created then */
  public localize(): LocalizeResult {
    const { stack, view } = this.options;
    return localize(view.assembly, { endpoint: stack.endpoints.datasync, standIns: true, root: stack.state.root });
  }

  public get stacks(): readonly StackArtifact[] {
    return stacksOf(this.options.view.assembly);
  }

  /**
   * Bootstraps every account and Region that the stacks name and that is not yet.
   *
   * @param onStart is told which
   */
  public async bootstrap(onStart: (environment: string) => void): Promise<void> {
    for (const { account, region, qualifier } of environmentsOf(this.stacks, this.options.client)) {
      if (await this.isBootstrapped({ account, region }, qualifier)) continue;
      const name = `aws://${account}/${region}`;
      onStart(name);
      const own = qualifier === DEFAULT_QUALIFIER ? [] : ['--qualifier', qualifier, '--toolkit-stack-name', `CDKToolkit-${qualifier}`];
      await this.run(['bootstrap', name, '--app', this.options.view.assembly, ...own], { account, region }, reason => `cannot bootstrap ${name}: ${reason}`, () => undefined);
    }
  }

  /**
   * Deploys all stacks, account by account, and returns their outputs.
   *
   * @throws LocalStackError when a stack cannot be deployed
   */
  public async deploy(): Promise<StackOutputs> {
    const { view, client } = this.options;
    const outputs: StackOutputs = {};
    for (const { account, ids } of inOrder(this.stacks, client)) {
      const file = join(view.folder, 'outputs.json');
      rmSync(file, { force: true });
      const args = ['deploy', ...ids, '--exclusively', '--app', view.assembly, '--require-approval', 'never', '--progress', 'events', '--outputs-file', file];
      await this.run(args, { ...client, account }, reason => `the deployment failed: ${reason}`);
      Object.assign(outputs, readOutputs(file));
    }
    return outputs;
  }

  private async isBootstrapped(client: Client, qualifier: string): Promise<boolean> {
    const operation = { service: 'ssm', target: 'AmazonSSM.GetParameter' };
    try {
      await callAws(this.options.stack.endpoints.aws, operation, client, { Name: `/cdk-bootstrap/${qualifier}/version` });
      return true;
    } catch {
      return false;
    }
  }

  private miniStackLog(): string {
    try {
      return readFileSync(join(this.options.stack.logFolder, 'ministack.log'), 'utf8');
    } catch {
      return '';
    }
  }

  private async run(
    args: readonly string[], client: Client, problem: (reason: string) => string, onLine = this.options.onLine ?? (() => undefined),
  ): Promise<void> {
    const { stack, cli, view, passed = [], signal } = this.options;
    const stackEnded = new AbortController();
    const seen = this.miniStackLog().length;
    let broken: BrokenFunction | undefined;
    const watch = setInterval(() => {
      broken ??= brokenFunction(this.miniStackLog().slice(seen), view.assembly);
      if (broken ?? stack.ended()) stackEnded.abort(); // the CLI would try again for minutes, or wait for an hour
    }, WATCH_MS);
    try {
      const result = await runCdk(cli, ['--no-color', ...args], {
        cwd: view.folder,
        env: cdkEnvironment(process.env, passed, stack.endpoints, client, stack.surroundings),
        output: { logFile: this.logFile, onLine },
        signal: signal ? AbortSignal.any([signal, stackEnded.signal]) : stackEnded.signal,
      });
      if (result.code !== 0) throw new LocalStackError(problem(reasonOf(result)));
    } catch (error) {
      if (broken && !signal?.aborted) {
        throw new LocalStackError(problem(`the function ${broken.name}, which answers for a custom resource, does not run here: ${broken.reason}; `
          + 'leave the resource out of the local deployment, for example with a context value that the app looks at'));
      }
      const ended = stack.ended();
      if (ended && !signal?.aborted) throw new LocalStackError(`${ended} has ended in the middle of it; look at its log, and start again`);
      throw error;
    } finally {
      clearInterval(watch);
    }
  }
}

/** Between two looks at whether the servers are alive. */
const WATCH_MS = 500;
const DEFAULT_QUALIFIER = 'hnb659fds';

function readOutputs(file: string): StackOutputs {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as StackOutputs;
  } catch {
    return {}; // no stack has any
  }
}
