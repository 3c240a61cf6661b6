import { App, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { messageOf, warningsOf } from '../../support/stacks';

/**
 * One rule: what is wrong in a few words, what declares it, and which page says so, if it is another one than that of its section. A construct that it
 * returns tells which stack is warned of.
 */
export type Rule = readonly [wrong: string, declare: (stack: Stack) => unknown, source?: string];

/** Rules of one subject, as docs/errors-and-warnings.md has them. */
export interface Section {
  readonly title: string;
  /** Page of the user guide of DataSync, or an address. */
  readonly source: string;
  readonly errors: readonly Rule[];
  readonly warnings?: readonly Rule[];
}

/** Where rules come from that are none of the service. */
export const OURS = 'this library';

export const ENV = { account: '111122223333', region: 'us-east-1' };

/** What is said of a rule that is broken, without the path of the construct. */
export interface Said {
  /** Of warnings. */
  readonly id?: string;
  /** The property as it was written, with its value. */
  readonly subject?: string;
  readonly rule: string;
  readonly remedy: string;
}

/** All that is said of what a row declares: of errors, or else of warnings. */
export function saidOf([, declare]: Rule): Said[] {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  let warnings: string[] = [];
  const message = messageOf(() => {
    const declared = declare(stack);
    warnings = warningsOf(Construct.isConstruct(declared) ? Stack.of(declared) : stack);
  });
  if (message !== 'no error') return problemsIn(message);
  return warnings.map(warning => {
    const [, text, id] = /^\/\S+ ([^]*) \[ack: cdk-datasync:(\w+)\]$/.exec(warning)!;
    const [rule, remedy] = splitAt(text.replace(/: [[{]"[^]*[\]}]$/, ': ...'), text.lastIndexOf('; '));
    return { id, rule, remedy };
  });
}

function problemsIn(message: string): Said[] {
  const lines = message.split('\n').map(line => line.trim().replace(/^.*DataSyncValidationError: /, '').replace(/^\[Stack[^\]]*\] /, '')).filter(line => /: .*; /.test(line));
  return lines.map(line => {
    const [subject, rest] = splitAt(line, line.indexOf(': '));
    const [rule, remedy] = splitAt(rest, rest.indexOf('; '));
    return { subject, rule, remedy };
  });
}

function splitAt(text: string, index: number): [string, string] {
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 2)];
}
