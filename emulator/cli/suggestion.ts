import type { Command } from 'commander';

/**
 * Lets a command suggest what an unknown option is the beginning of, as in `--verify`: by the number of letters that differ, which is all that
 * is looked at otherwise, something else is closer.
 */
export function suggestCompletions(command: Command): void {
  command.configureOutput({
    outputError: (text, write) => {
      const [, flag] = /^error: unknown option '(--[^']*)'/.exec(text) ?? [];
      const longer = flag ? command.options.filter(({ long, hidden }) => !hidden && long?.startsWith(flag)).map(({ long }) => long) : [];
      write(longer.length > 0 ? `error: unknown option '${flag}'\n(Did you mean ${longer.length > 1 ? 'one of ' : ''}${longer.join(', ')}?)\n` : text);
    },
  });
}
