import { Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { inLanguageOfApp } from './app-language';

const SHOWN = 120;

/** How a value looks in a message: as in source code, cut when long. */
export function show(value: unknown): string {
  if (Token.isUnresolved(value)) return '(known at deployment)';
  const text = json(value) ?? String(value);
  const characters = Array.from(text); // not the halves of one
  if (characters.length <= SHOWN) return text;
  const length = typeof value === 'string' ? Array.from(value).length : characters.length;
  return `${characters.slice(0, SHOWN).join('')}... (${length} characters)`;
}

/** Of constructs their paths: they hold each other. Undefined of what there is no JSON of. */
function json(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_, member) => Construct.isConstruct(member) ? member.node.path : member);
  } catch {
    return undefined;
  }
}

const NAME = 'DataSyncValidationError';

/**
 * Everything that is wrong with one construct, found before anything is deployed.
 *
 * Not exported by the package: it crosses language borders as a plain error. TypeScript callers tell it by its `name`, others by the
 * beginning of its message: of what a constructor throws, jsii passes on the message alone, and of what a method throws, the text.
 */
export class DataSyncValidationError extends Error {
  public readonly problems: string[];

  constructor(problems: string[]) {
    super(`${NAME}: ${problems.join('\n')}`);
    this.stack = this.stack?.replace(/^Error: /, ''); // what Node.js prints has one name as well
    this.name = NAME;
    this.problems = problems;
  }

  public toString(): string {
    return this.message;
  }
}

/** Collects what is wrong with one construct, so that a user can correct all of it at once. */
export class Problems {
  private readonly found: string[] = [];

  /** @param path left out where CDK says it: in what the validation of a construct returns */
  constructor(private readonly path?: string) {}

  /**
   * @param subject the property as a user of TypeScript typed it, with its value
   * @param rule what it breaks
   * @param remedy what to do instead
   */
  public add(subject: string, rule: string, remedy: string): void {
    const text = inLanguageOfApp(`${subject}: ${rule}; ${remedy}`);
    this.found.push(this.path === undefined ? text : `[${this.path}] ${text}`);
  }

  public get texts(): string[] {
    return this.found;
  }

  public throwIfAny(): void {
    if (this.found.length > 0) throw new DataSyncValidationError(this.found);
  }
}
