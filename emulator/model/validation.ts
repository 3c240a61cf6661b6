import { patternOf, shape, Shape } from './api';
import { InvalidRequestError } from '../errors';

const SHOWN_CHARACTERS = 80;
const SHOWN_PROBLEMS = 10;

/**
 * Checks a request against its shape and returns a copy with the members that the shape knows.
 *
 * Unknown members are dropped and `null` counts as absent, as the service does. All problems are reported at once.
 *
 * @throws InvalidRequestError naming the path of each wrong member, its value and the constraint
 */
export function parseInput(shapeName: string, value: unknown): any {
  const problems: string[] = [];
  const parsed = parse(shapeName, value, '', problems);
  if (problems.length > 0) {
    const listed = problems.slice(0, SHOWN_PROBLEMS);
    if (problems.length > listed.length) listed.push(`... and ${problems.length - listed.length} more`);
    throw new InvalidRequestError(
      `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${listed.join('; ')}`,
    );
  }
  return parsed;
}

/** What is wrong with a value of a shape, one text per problem. Tests hold the emulator's own answers against the model with it. */
export function problemsOf(shapeName: string, value: unknown): string[] {
  const problems: string[] = [];
  parse(shapeName, value, '', problems);
  return problems;
}

/** A handler's result as it goes over the wire: members that the model knows, times as epoch seconds. */
export function toWire(shapeName: string, value: any): any {
  const { type, members, member } = shape(shapeName);
  if (value === undefined || value === null) return undefined;
  switch (type) {
    case 'structure':
      return Object.fromEntries(Object.entries(members!).map(([name, of]) => [name, toWire(of, value[name])]));
    case 'list':
      return value.map((element: unknown) => toWire(member!, element));
    case 'timestamp':
      return value.getTime() / 1000;
    default:
      return value;
  }
}

function parse(shapeName: string, value: unknown, path: string, problems: string[]): unknown {
  const constraint = shape(shapeName);
  const typeProblem = wrongType(constraint, value);
  if (typeProblem) {
    problems.push(problem(constraint, value, path, typeProblem));
    return undefined;
  }
  switch (constraint.type) {
    case 'structure':
      return parseStructure(constraint, value as Record<string, unknown>, path, problems);
    case 'list':
      return parseList(constraint, value as unknown[], path, problems);
    default: {
      const failed = failedConstraint(constraint, value);
      if (failed) problems.push(problem(constraint, value, path, failed));
      return value;
    }
  }
}

function parseStructure({ members, required }: Shape, value: Record<string, unknown>, path: string, problems: string[]): object {
  const result: Record<string, unknown> = {};
  for (const [name, memberShape] of Object.entries(members!)) {
    const memberPath = path ? `${path}.${name}` : name;
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (member !== undefined && member !== null) {
      result[name] = parse(memberShape, member, memberPath, problems);
    } else if (required?.includes(name)) {
      problems.push(`Value null at '${memberPath}' failed to satisfy constraint: Member must not be null`);
    }
  }
  return result;
}

function parseList(constraint: Shape, value: unknown[], path: string, problems: string[]): unknown[] {
  const failed = failedLength(constraint, value.length);
  if (failed) {
    problems.push(problem(constraint, value, path, failed));
    return [];
  }
  return value.map((element, index) => parse(constraint.member!, element, `${path}[${index}]`, problems));
}

function wrongType({ type }: Shape, value: unknown): string | undefined {
  switch (type) {
    case 'structure':
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'Member must be a structure';
    case 'list':
      return Array.isArray(value) ? undefined : 'Member must be a list';
    case 'string':
    case 'blob':
      return typeof value === 'string' ? undefined : `Member must be a string${type === 'blob' ? ' in base64' : ''}`;
    case 'integer':
    case 'long':
      return Number.isSafeInteger(value) ? undefined : 'Member must be an integer';
    case 'timestamp':
      return Number.isFinite(value) ? undefined : 'Member must be a number of seconds since the epoch';
  }
}

function failedConstraint(constraint: Shape, value: unknown): string | undefined {
  if (typeof value === 'number') {
    if (constraint.min !== undefined && value < constraint.min) return `Member must have value greater than or equal to ${constraint.min}`;
    if (constraint.max !== undefined && value > constraint.max) return `Member must have value less than or equal to ${constraint.max}`;
    return undefined;
  }
  const text = value as string;
  const isBlob = constraint.type === 'blob';
  if (isBlob && !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return 'Member must be base64';
  if (constraint.enum && !constraint.enum.includes(text)) return `Member must satisfy enum value set: [${constraint.enum.join(', ')}]`;
  // The length comes first: no pattern ever runs on a text longer than the model allows.
  return failedLength(constraint, isBlob ? Buffer.byteLength(text, 'base64') : text.length)
    ?? (constraint.pattern !== undefined && !patternOf(constraint.pattern).test(text)
      ? `Member must satisfy regular expression pattern: ${constraint.pattern}`
      : undefined);
}

function failedLength({ min, max }: Shape, length: number): string | undefined {
  if (min !== undefined && length < min) return `Member must have length greater than or equal to ${min}`;
  if (max !== undefined && length > max) return `Member must have length less than or equal to ${max}`;
  return undefined;
}

function problem({ sensitive }: Shape, value: unknown, path: string, failed: string): string {
  return `Value ${sensitive ? '***' : shown(value)} at '${path || '.'}' failed to satisfy constraint: ${failed}`;
}

/** A value in a message: short, and never walked into, however deep it is. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `[a list of ${value.length}]`;
  if (typeof value === 'object' && value !== null) return '{a structure}';
  const text = String(value);
  return `'${text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text}'`;
}
