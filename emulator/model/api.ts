import model from './api.generated.json';

/** One shape of the service's model: what a value may be. */
export interface Shape {
  readonly type: 'structure' | 'list' | 'string' | 'blob' | 'integer' | 'long' | 'timestamp';
  /** Of a structure: member name to shape name. */
  readonly members?: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
  /** Of a list: the shape name of its elements. */
  readonly member?: string;
  readonly enum?: readonly string[];
  /** Length of strings, blobs (in bytes) and lists; value of numbers. */
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  /** The value is a secret: never shown in a message. */
  readonly sensitive?: boolean;
}

const shapes = model.shapes as Readonly<Record<string, Shape>>;

/** What the model was made from. */
export const MODEL_SOURCE: string = model.source.split(' (')[0];

/** What `X-Amz-Target` starts with. */
export const TARGET_PREFIX: string = model.targetPrefix;

/** Every operation of the service, with the names of its input and output shapes. */
export const OPERATIONS = model.operations as Readonly<Record<string, { readonly input: string; readonly output: string }>>;

/** Every shape name. */
export const SHAPE_NAMES: readonly string[] = Object.keys(shapes);

/** The shape of that name. */
export function shape(name: string): Shape {
  if (!Object.hasOwn(shapes, name)) throw new Error(`the API model has no shape ${name}`);
  return shapes[name];
}

const patterns = new Map<string, RegExp>();

/**
 * The pattern of a shape as a regular expression that has to match all of a value.
 *
 * The model's patterns are written for Java: Unicode classes need JavaScript's `u` flag, which in turn refuses
 * needless escapes that other patterns have, so the flag is set only where it is needed.
 */
export function patternOf(pattern: string): RegExp {
  let compiled = patterns.get(pattern);
  if (!compiled) {
    const source = pattern.replace(/^\\A/, '^').replace(/\\z$/, '$');
    compiled = new RegExp(`^(?:${source})$`, source.includes('\\p{') ? 'u' : '');
    patterns.set(pattern, compiled);
  }
  return compiled;
}
