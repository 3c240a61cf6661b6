import type { Command } from 'commander';
import type { LocalizeOptions, ReplacedResource } from '../cdk/localize';
import { localize } from '../cdk/localize';
import { AssemblyError } from '../cdk/manifest';
import { LOCAL_EVENT_SOURCE } from '../model/events';

/** Adds `localize` to the program. */
export function registerLocalize(program: Command): void {
  program
    .command('localize')
    .summary('make a synthesized CDK app deployable on a local CloudFormation')
    .description('Rewrites a synthesized cloud assembly in place, so that a CloudFormation emulator with custom resources can deploy its '
      + 'AWS::DataSync resources on this emulator, and that rules for the events of DataSync get those of this emulator. Deploy it with "cdk deploy --app <assembly>".')
    .argument('[assembly]', 'folder of the cloud assembly', 'cdk.out')
    .option('--endpoint <url>', 'URL of this emulator as the deployed functions reach it', 'http://127.0.0.1:4580')
    .option('--events-source <name>', 'what the events of this emulator say they come from, as "serve" was told', LOCAL_EVENT_SOURCE)
    .option('--stand-ins', 'replace what MiniStack does not have, and nothing here needs to run, by stand-ins')
    .option('--root <folder>', 'root of this emulator, in which file systems that the app makes get a folder')
    .addHelpText('after', `
Example:
  $ npx cdk synth
  $ npx cdk-datasync localize cdk.out
  $ npx cdk deploy --app cdk.out

"npx cdk-datasync deploy" does all of it, and does not change cdk.out.`)
    .action((assembly: string, options: LocalizeOptions) => {
      try {
        const { resources, templates, standIns } = localize(assembly, options);
        for (const line of standInLines(standIns)) console.log(line);
        process.stdout.write(templates === 0
          ? `${assembly}: nothing to do\n`
          : `${assembly}: ${resources} DataSync resource(s) call ${options.endpoint}, ${templates} template(s) rewritten\n`);
      } catch (error) {
        if (!(error instanceof AssemblyError)) throw error;
        program.error(`error: ${error.message}`);
      }
    });
}

/** One line per type. */
export function standInLines(standIns: readonly ReplacedResource[]): string[] {
  const types = [...new Set(standIns.map(({ type }) => type))].sort();
  return types.map(type => {
    const ids = standIns.filter(each => each.type === type).map(({ logicalId }) => logicalId);
    return `Not really there: ${ids.length} ${type} (${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ', ...' : ''}); a stand-in answers for ${ids.length === 1 ? 'it' : 'them'}`;
  });
}
