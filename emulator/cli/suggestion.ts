import type { Command } from 'commander';

/** Of commands that look like those of another program: where its options are taken. */
const ELSEWHERE: Readonly<Record<string, string>> = { deploy: 'An option of the CDK CLI? Run "npx cdk-datasync cdk deploy" with it.' };

/**
 * Lets a command suggest what an unknown option is the beginning of, as in `--verify`: by the number of letters that differ, which is all that
 * is looked at otherwise, something else is closer.
 */
export function suggestCompletions(command: Command): void {
  command.configureOutput({
    outputError: (text, write) => {
      const [, flag] = /^error: unknown option '(--?[^']*)'/.exec(text) ?? [];
      const longer = flag ? command.options.filter(({ long, hidden }) => !hidden && long?.startsWith(flag)).map(({ long }) => long) : [];
      const elsewhere = flag && !text.includes('Did you mean') ? ELSEWHERE[command.name()] : undefined;
      if (longer.length > 0) write(`error: unknown option '${flag}'\n(Did you mean ${longer.length > 1 ? 'one of ' : ''}${longer.join(', ')}?)\n`);
      else write(elsewhere ? `${text.trimEnd()}\n(${elsewhere})\n` : text);
    },
  });
}
