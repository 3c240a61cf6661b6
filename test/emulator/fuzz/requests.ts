import fc from 'fast-check';
import type { Shape } from '../../../emulator/model/api';
import { OPERATIONS, patternOf, shape } from '../../../emulator/model/api';
import { problemsOf } from '../../../emulator/model/validation';

/** Stands in every secret that is sent: no answer and no output may contain it. */
export const SECRET = 'never-to-be-seen';

/** A request body before it is text. */
export interface FuzzedRequest {
  readonly operation: string;
  readonly input: unknown;
}

/** As nested as JSON.stringify takes it without ado. */
const deep = (levels: number) => Array.from({ length: levels }).reduce<unknown>(inner => ({ Options: [inner] }), 1);

const WRONG_TEXTS = [
  '', ' ', '\u0000', 'a\u0000b', '\ud800', 'x'.repeat(300_000), '..', '/..', '/../../canary', '../../../canary', 'a/../../../canary', '//', '/a//b', './', '~', '%2e%2e/',
  '__proto__', 'constructor', '/etc/passwd', 'C:\\canary', '\n', '🦆', 'arn:aws:datasync:us-east-1:000000000000:task/../../canary', '${HOME}', '$(id)', '*'.repeat(9_000),
];
const wrongText = fc.oneof(fc.constantFrom(...WRONG_TEXTS), fc.string({ unit: 'binary' }));
const wrongNumber = fc.oneof(
  fc.constantFrom(-1, 0, -0, 1.5, -(2 ** 31), 2 ** 31, 2 ** 53, -(2 ** 63), 1e300, 5e-324),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
/** Of any type, large or deep. */
const anything = fc.oneof(
  fc.constantFrom(null, true, false, [], {}, [[[]]], [null], [{}], deep(400), Array.from({ length: 2_000 }).fill('x'), { __proto__: 1, toString: 1 }),
  wrongText, wrongNumber, fc.jsonValue(),
);

/** Texts of a shape that are tried as they are, because most of what fits its pattern names nothing. */
export class Vocabulary {
  private readonly words = new Map<string, string[]>();

  constructor(...words: string[]) {
    this.learn(...words);
  }

  /** Adds texts to every shape that they fit. */
  public learn(...words: string[]): void {
    for (const name of TEXT_SHAPES) {
      const known = this.words.get(name) ?? [];
      known.push(...words.filter(word => problemsOf(name, word).length === 0));
      this.words.set(name, known.slice(-KNOWN_WORDS));
    }
  }

  public of(name: string): readonly string[] {
    return this.words.get(name)!;
  }
}

/** So many that what was made last is among few others. */
const KNOWN_WORDS = 60;

const TEXT_SHAPES = textShapes();

/**
 * Requests of every operation of the model: most members right, here and there one that is missing, unknown, of a wrong type, too long, too
 * large, too deep or not like its pattern.
 */
export class Requests {
  private readonly rights = new Map<string, fc.Arbitrary<unknown>>();

  /**
   * @param vocabulary may grow meanwhile
   * @param templates inputs that are known to be right, by operation: rules between members are not in the model
   */
  constructor(private readonly vocabulary: Vocabulary, private readonly templates: Readonly<Record<string, readonly object[]>>) {}

  public any(): fc.Arbitrary<FuzzedRequest> {
    return fc.oneof(...Object.keys(OPERATIONS).map(operation => this.of(operation)));
  }

  private of(operation: string): fc.Arbitrary<FuzzedRequest> {
    const input = this.nearly(OPERATIONS[operation].input, 60);
    const templates = this.templates[operation];
    const based = templates ? fc.oneof(input, this.changed(OPERATIONS[operation].input, templates)) : input;
    return based.map(value => ({ operation, input: value }));
  }

  /** A template with something else in the place of up to two members. */
  private changed(name: string, templates: readonly object[]): fc.Arbitrary<unknown> {
    const { members, required = [] } = shape(name);
    const optional = Object.keys(members!).filter(member => !required.includes(member));
    const replaced = fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: some(optional, 2) },
      { weight: 1, arbitrary: some(required, 1) },
    );
    return fc.tuple(fc.constantFrom(...templates), replaced.chain(names => this.record(name, names)))
      .map(([template, others]) => ({ ...template, ...others }));
  }

  /** Right, but once in a while. */
  private nearly(name: string, probability: number): fc.Arbitrary<unknown> {
    return fc.oneof({ weight: probability, arbitrary: this.right(name) }, { weight: 1, arbitrary: wrong(shape(name)) });
  }

  private right(name: string): fc.Arbitrary<unknown> {
    let right = this.rights.get(name);
    if (!right) this.rights.set(name, right = this.newRight(name));
    return right;
  }

  private newRight(name: string): fc.Arbitrary<unknown> {
    const { type, members, required = [], member, enum: values, min, max, sensitive } = shape(name);
    switch (type) {
      case 'structure': {
        const optional = Object.keys(members!).filter(key => !required.includes(key));
        return some(optional, 3).chain(chosen => this.record(name, [...required, ...chosen]));
      }
      case 'list':
        return fc.array(this.nearly(member!, 100), { minLength: min ?? 0, maxLength: Math.min(max ?? 3, 3) });
      case 'string':
        if (sensitive) return fc.constant(SECRET);
        return values ? fc.constantFrom(...values) : this.text(name);
      case 'blob':
        return fc.constantFrom(Buffer.from(SECRET).toString('base64'), '');
      case 'timestamp':
        return fc.integer({ min: 0, max: 4e9 });
      default:
        return fc.oneof(fc.integer({ min: min ?? -1, max: max ?? 2 ** 31 - 1 }), fc.constantFrom(min ?? -1, max ?? 100));
    }
  }

  private record(name: string, keys: readonly string[]): fc.Arbitrary<object> {
    return fc.record(Object.fromEntries(keys.map(key => [key, this.nearly(shape(name).members![key], 100)])));
  }

  private text(name: string): fc.Arbitrary<unknown> {
    const known = fc.nat().map(index => {
      const words = this.vocabulary.of(name);
      return words.length ? words[index % words.length] : 'nothing fits';
    });
    // A host that nobody knows would be looked up: no name is made up.
    if (name === 'ServerHostname') return known;
    return fc.oneof({ weight: 5, arbitrary: known }, { weight: 1, arbitrary: fitting(shape(name)) });
  }
}

/** Up to so many of them. */
function some(names: readonly string[], most: number): fc.Arbitrary<string[]> {
  return fc.subarray([...names], { maxLength: Math.min(most, names.length) });
}

/** A text that fits the pattern. */
function fitting({ pattern, min = 0, max = 4_096 }: Shape): fc.Arbitrary<string> {
  if (pattern === undefined) return fc.string({ minLength: min, maxLength: Math.min(max, 300) });
  const compiled = patternOf(pattern);
  if (compiled.unicode) return fc.constantFrom('/a b/c', '/é/😀', '/.../x', '/a//b/', '.', '..', '/a/../b').filter(text => compiled.test(text));
  // It knows no (?!...): the few texts that this rules out are thrown away.
  return fc.stringMatching(new RegExp(compiled.source.replace(/\(\?!.*?\)/g, ''))).filter(text => compiled.test(text));
}

/** Wrong for the shape, or at least suspicious. */
function wrong({ type, members, min, max }: Shape): fc.Arbitrary<unknown> {
  switch (type) {
    case 'structure':
      return fc.oneof(anything, fc.dictionary(fc.oneof(fc.constantFrom(...Object.keys(members!), '__proto__', 'toString'), fc.string()), anything, { maxKeys: 4 }));
    case 'list':
      return fc.oneof(anything, fc.array(anything, { maxLength: 4 }), fc.constant(Array.from({ length: (max ?? 100) + 1 }).fill('x')));
    case 'string':
    case 'blob':
      return fc.oneof(anything, wrongText, fc.constant('x'.repeat(Math.min(max ?? 100, 200_000) + 1)));
    default:
      return fc.oneof(anything, wrongNumber, fc.constantFrom((min ?? 0) - 1, (max ?? 2 ** 53) + 1));
  }
}

/** Names of the shapes that are free texts and lead to no more shapes. */
function textShapes(): string[] {
  const found = new Set<string>();
  const pending = Object.values(OPERATIONS).map(({ input }) => input);
  const seen = new Set(pending);
  for (let name = pending.pop(); name; name = pending.pop()) {
    const { type, members, member, enum: values } = shape(name);
    if (type === 'string' && !values) found.add(name);
    for (const inner of [...Object.values(members ?? {}), ...member ? [member] : []]) {
      if (!seen.has(inner)) pending.push(inner);
      seen.add(inner);
    }
  }
  return [...found];
}
