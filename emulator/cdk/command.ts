import { Command } from 'commander';
import { localize, LocalizeError } from './localize';
import { LOCAL_EVENT_SOURCE } from '../lifecycle/events';

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
    .addHelpText('after', `
Example:
  $ npx cdk synth
  $ npx cdk-datasync localize cdk.out
  $ npx cdk deploy --app cdk.out`)
    .action((assembly: string, options: { endpoint: string; eventsSource: string }) => {
      try {
        const { resources, templates } = localize(assembly, options);
        process.stdout.write(templates === 0
          ? `${assembly}: nothing to do\n`
          : `${assembly}: ${resources} DataSync resource(s) call ${options.endpoint}, ${templates} template(s) rewritten\n`);
      } catch (error) {
        if (!(error instanceof LocalizeError)) throw error;
        program.error(`error: ${error.message}`);
      }
    });
}
