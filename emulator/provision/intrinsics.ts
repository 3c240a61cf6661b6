import { each, ProvisionError } from './error';

/** The value of a property that is not there. */
export const NO_VALUE = Symbol('AWS::NoValue');

/** What a template refers to besides its own conditions and mappings. */
export interface References {
  /** A parameter, pseudo parameter or resource. */
  ref(name: string, where: string): Promise<unknown>;
  attribute(logicalId: string, name: string, where: string): Promise<unknown>;
  imported(name: string, where: string): Promise<unknown>;
  stackOutput(stackName: string, output: string, where: string): Promise<unknown>;
  /** `{{resolve:...}}`, braces included. */
  dynamic(text: string, where: string): Promise<string>;
}

/** The sections of a template that functions look things up in. */
export interface Sections {
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, any>>;
}

type Evaluate = (argument: any, where: string) => Promise<unknown>;

const CONDITIONS = ['Fn::And', 'Fn::Equals', 'Fn::Not', 'Fn::Or'];
const DYNAMIC = /\{\{resolve:[^{}]+\}\}/g;

/**
 * Evaluates the functions of one template.
 *
 * No library does it as a deployment would: those that exist put placeholders in place of what they do not know, and a test would
 * go on with them. Here everything that is not known is an error that says where it stands.
 */
export class Intrinsics {
  private readonly functions: Readonly<Record<string, Evaluate>>;
  private readonly conditions = new Map<string, boolean | 'in progress'>();

  constructor(private readonly sections: Sections, private readonly references: References) {
    this.functions = {
      'Ref': async (name, where) => references.ref(this.text(name, where, 'a name'), where),
      'Fn::Base64': async (argument, where) => Buffer.from(await this.string(argument, where)).toString('base64'),
      'Fn::FindInMap': (argument, where) => this.findInMap(argument, where),
      'Fn::GetAtt': (argument, where) => this.getAtt(argument, where),
      'Fn::GetStackOutput': async ({ StackName, OutputName }, where) =>
        references.stackOutput(await this.string(StackName, where), await this.string(OutputName, where), where),
      'Fn::If': async (argument, where) => {
        const [name, yes, no] = this.list(argument, where, 3);
        return this.value(await this.holds(this.text(name, where, 'the name of a condition'), where) ? yes : no, where);
      },
      'Fn::ImportValue': async (argument, where) => references.imported(await this.string(argument, where), where),
      'Fn::Join': async (argument, where) => {
        const [separator, items] = this.list(argument, where, 2);
        return (await this.strings(items, where)).join(this.text(separator, where, 'a text'));
      },
      'Fn::Length': async (argument, where) => this.list(await this.value(argument, where), where).length,
      'Fn::Select': (argument, where) => this.select(argument, where),
      'Fn::Split': async (argument, where) => {
        const [separator, text] = this.list(argument, where, 2);
        return (await this.string(text, where)).split(this.text(separator, where, 'a text'));
      },
      'Fn::Sub': (argument, where) => this.sub(argument, where),
      'Fn::ToJsonString': async (argument, where) => JSON.stringify(await this.value(argument, where)),
    };
  }

  /** A value with everything in it evaluated; what is `AWS::NoValue` is left out. Fails with all that cannot be evaluated in it. */
  public async value(value: unknown, where: string): Promise<any> {
    if (Array.isArray(value)) {
      const items = await each(value.entries(), ([index, item]) => this.value(item, `${where}[${index}]`));
      return items.filter(item => item !== NO_VALUE);
    }
    if (typeof value === 'string') return this.resolveDynamic(value, where);
    if (typeof value !== 'object' || value === null) return value;
    const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
    if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) {
      const result = await this.call(name, argument, where);
      return typeof result === 'string' ? this.resolveDynamic(result, where) : result;
    }
    const members = await each(Object.entries(value), async ([key, member]) => [key, await this.value(member, `${where}.${key}`)] as const);
    return Object.fromEntries(members.filter(([, member]) => member !== NO_VALUE));
  }

  /** Whether a condition holds. */
  public async holds(name: string, where: string): Promise<boolean> {
    const known = this.conditions.get(name);
    if (known === 'in progress') throw fail(where, `the condition ${name} depends on itself`, 'end the circle in the template');
    if (known !== undefined) return known;
    if (!Object.hasOwn(this.sections.Conditions ?? {}, name)) throw fail(where, `the template has no condition ${name}`, 'define it under Conditions');
    this.conditions.set(name, 'in progress');
    try {
      const result = await this.condition(this.sections.Conditions![name], `Conditions.${name}`);
      this.conditions.set(name, result);
      return result;
    } catch (error) {
      this.conditions.delete(name);
      throw error;
    }
  }

  private async call(name: string, argument: unknown, where: string): Promise<unknown> {
    if (CONDITIONS.includes(name)) return this.condition({ [name]: argument }, where);
    if (!Object.hasOwn(this.functions, name)) {
      throw fail(where, `${name} is not evaluated here, only ${Object.keys(this.functions).join(', ')} and conditions`, 'write its value into the template that you give');
    }
    return this.functions[name](argument, where);
  }

  private async condition(condition: any, where: string): Promise<boolean> {
    const [[name, argument] = ['', undefined]] = Object.entries<any>(Object(condition));
    const all = (items: unknown) => each(this.list(items, where), item => this.condition(item, where));
    switch (name) {
      case 'Condition': return this.holds(this.text(argument, where, 'the name of a condition'), where);
      case 'Fn::And': return (await all(argument)).every(Boolean);
      case 'Fn::Or': return (await all(argument)).some(Boolean);
      case 'Fn::Not': return !(await all(argument))[0];
      case 'Fn::Equals': {
        const [left, right] = await each(this.list(argument, where, 2), side => this.value(side, where));
        return isScalar(left) && isScalar(right) ? String(left) === String(right) : JSON.stringify(left) === JSON.stringify(right);
      }
      default: throw fail(where, `${shown(condition)} is not a condition`, `use ${CONDITIONS.join(', ')} or Condition`);
    }
  }

  private async getAtt(argument: unknown, where: string): Promise<unknown> {
    const [, id, attribute] = typeof argument === 'string' ? /^([^.]+)\.(.+)$/s.exec(argument) ?? [] : ['', ...this.list(argument, where, 2)];
    return this.references.attribute(this.text(id, where, 'a logical id'), await this.string(attribute, where), where);
  }

  private async findInMap(argument: unknown, where: string): Promise<unknown> {
    const [map, first, second, options] = this.list(argument, where);
    const [name, ...keys] = await each([map, first, second], part => this.string(part, where));
    let found: any = Object.hasOwn(this.sections.Mappings ?? {}, name) ? this.sections.Mappings![name] : undefined;
    for (const key of keys) found = Object.hasOwn(Object(found), key) ? found[key] : undefined;
    if (found !== undefined) return found;
    if (Object.hasOwn(Object(options), 'DefaultValue')) return this.value(options.DefaultValue, where);
    throw fail(where, `the mapping ${name} has no ${keys.join('.')}`, 'give the account, Region or parameter that it is for, or add the entry');
  }

  private async select(argument: unknown, where: string): Promise<unknown> {
    const [index, items] = this.list(argument, where, 2);
    const all = this.list(await this.value(items, where), where);
    const position = Number(await this.value(index, where));
    if (!Number.isInteger(position) || position < 0 || position >= all.length) {
      throw fail(where, `Fn::Select takes number ${shown(index)} of ${all.length} values`, 'numbers go from 0 to one less than the length of the list');
    }
    return all[position];
  }

  private async sub(argument: unknown, where: string): Promise<string> {
    const [template, variables = {}] = Array.isArray(argument) ? argument : [argument];
    const text = this.text(template, where, 'a text');
    const names = [...new Set([...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name]) => name))];
    const known = new Map(await each(names, async name => {
      const key = name.trim();
      const value = Object.hasOwn(variables, key) ? variables[key] : key.includes('.') ? { 'Fn::GetAtt': key } : { Ref: key };
      return [name, await this.string(value, where)] as const;
    }));
    return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => name.startsWith('!') ? `\${${name.slice(1)}}` : known.get(name)!);
  }

  private async resolveDynamic(text: string, where: string): Promise<string> {
    const found = [...new Set(text.match(DYNAMIC))];
    if (found.length === 0) return text;
    const values = new Map(await each(found, async one => [one, await this.references.dynamic(one, where)] as const));
    return text.replace(DYNAMIC, one => values.get(one)!);
  }

  private async string(argument: unknown, where: string): Promise<string> {
    const value = await this.value(argument, where);
    if (isScalar(value)) return String(value);
    throw fail(where, `${shown(argument)} is ${shown(value)}`, 'a text is needed there');
  }

  private async strings(argument: unknown, where: string): Promise<string[]> {
    return each(this.list(await this.value(argument, where), where), item => this.string(item, where));
  }

  private list(value: unknown, where: string, length?: number): any[] {
    if (Array.isArray(value) && (length === undefined || value.length === length)) return value;
    throw fail(where, `${shown(value)} stands where a list${length === undefined ? '' : ` of ${length}`} is needed`, 'correct the function in the template');
  }

  private text(value: unknown, where: string, what: string): string {
    if (typeof value === 'string') return value;
    throw fail(where, `${shown(value)} stands where ${what} is needed`, 'correct the function in the template');
  }
}

export function fail(where: string, problem: string, remedy: string): ProvisionError {
  return new ProvisionError([`${where}: ${problem}; ${remedy}`]);
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function shown(value: unknown): string {
  return value === NO_VALUE ? 'AWS::NoValue' : String(JSON.stringify(value)).slice(0, 200);
}
