import type { Shape } from './api';
import { MODEL_SOURCE, patternOf, shape } from './api';
import { charactersOf } from '../../src/task-execution/contract';
import { InvalidRequestError, NotEmulatedError } from '../errors';

const SHOWN_CHARACTERS = 80;
const SHOWN_PROBLEMS = 10;

/** What is wrong with a value: one text per problem, and the paths of members that its shape does not know. */
interface Findings {
  readonly problems: string[];
  readonly unknown: string[];
}

/**
 * Checks a request against its shape and returns a copy. `null` counts as absent, as with the service. All problems are reported at once.
 *
 * The service ignores members that it does not know. Here they are refused: clients send none unless they are newer than the model, and
 * then the service knows what the emulator would leave undone.
 *
 * @throws InvalidRequestError naming the path of each wrong member, its value and the constraint
 * @throws NotEmulatedError naming the path of each unknown member
 */
export function parseInput(shapeName: string, value: unknown): any {
  const { parsed, problems, unknown } = check(shapeName, value);
  if (problems.length > 0) {
    const listed = problems.slice(0, SHOWN_PROBLEMS);
    if (problems.length > listed.length) listed.push(`... and ${problems.length - listed.length} more`);
    throw new InvalidRequestError(
      `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${listed.join('; ')}`,
    );
  }
  if (unknown.length > 0) {
    throw new NotEmulatedError(`What the API of ${MODEL_SOURCE} does not have (${unknown.slice(0, SHOWN_PROBLEMS).map(shortened).join(', ')})`);
  }
  return parsed;
}

/** What is wrong with a value of a shape, one text per problem. Tests hold the emulator's own answers against the model with it. */
export function problemsOf(shapeName: string, value: unknown): string[] {
  return check(shapeName, value).problems;
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

function check(shapeName: string, value: unknown): Findings & { readonly parsed: unknown } {
  const findings: Findings = { problems: [], unknown: [] };
  return { ...findings, parsed: parse(shapeName, value, '', findings) };
}

function parse(shapeName: string, value: unknown, path: string, findings: Findings): unknown {
  const { problems } = findings;
  const constraint = shape(shapeName);
  const typeProblem = wrongType(constraint, value);
  if (typeProblem) {
    problems.push(problem(constraint, value, path, typeProblem));
    return undefined;
  }
  switch (constraint.type) {
    case 'structure':
      return parseStructure(constraint, value as Record<string, unknown>, path, findings);
    case 'list':
      return parseList(constraint, value as unknown[], path, findings);
    default: {
      const failed = failedConstraint(constraint, value);
      if (failed) problems.push(problem(constraint, value, path, failed));
      return value;
    }
  }
}

function parseStructure({ members, required }: Shape, value: Record<string, unknown>, path: string, findings: Findings): object {
  const result: Record<string, unknown> = {};
  const pathOf = (name: string) => path ? `${path}.${name}` : name;
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(members!, name) && value[name] !== null && value[name] !== undefined) findings.unknown.push(pathOf(name));
  }
  for (const [name, memberShape] of Object.entries(members!)) {
    const memberPath = pathOf(name);
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (member !== undefined && member !== null) {
      result[name] = parse(memberShape, member, memberPath, findings);
    } else if (required?.includes(name)) {
      findings.problems.push(`Value null at '${memberPath}' failed to satisfy constraint: Member must not be null`);
    }
  }
  return result;
}

function parseList(constraint: Shape, value: unknown[], path: string, findings: Findings): unknown[] {
  const failed = failedLength(constraint, value.length);
  if (failed) {
    findings.problems.push(problem(constraint, value, path, failed));
    return [];
  }
  return value.map((element, index) => parse(constraint.member!, element, `${path}[${index}]`, findings));
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
  return failedLength(constraint, isBlob ? Buffer.byteLength(text, 'base64') : charactersOf(text))
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
  return `'${shortened(String(value))}'`;
}

function shortened(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text;
}
