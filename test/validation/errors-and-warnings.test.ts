/** The table of all rules, which docs/errors-and-warnings.md is written from. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Annotations } from 'aws-cdk-lib';
import * as ts from 'typescript';
import { SECTIONS } from './rules';
import { saidOf } from './rules/rule';
import type { Rule, Said } from './rules/rule';
import { Problems } from '../../src/validation/problems';
import { page } from '../../tools/write-errors-page';

const ROOT = path.join(__dirname, '..', '..');
const SRC = path.join(ROOT, 'src');
const ALL = SECTIONS.flatMap(({ errors, warnings = [] }) => [...errors, ...warnings]);

/** Lines of `src` that were on the way to a problem or a warning, as `file:line`. */
const reached = new Set<string>();
const said = new Map<Rule, Said[]>();
beforeAll(() => {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 60;
  for (const [prototype, name] of [[Problems.prototype, 'add'], [Annotations.prototype, 'addWarningV2']] as Array<[any, string]>) {
    const original = prototype[name];
    jest.spyOn(prototype, name).mockImplementation(function (this: unknown, ...args: unknown[]) {
      for (const [, file, line] of new Error().stack!.matchAll(/\/src\/([\w/.-]+\.ts):(\d+):/g)) reached.add(`${file}:${line}`);
      return original.apply(this, args);
    });
  }
  for (const rule of ALL) said.set(rule, saidOf(rule));
  Error.stackTraceLimit = limit;
  jest.restoreAllMocks();
});

test('docs/errors-and-warnings.md has what synthesis says (npx tsx tools/write-errors-page.ts writes it anew)', () => {
  expect(fs.readFileSync(path.join(ROOT, 'docs', 'errors-and-warnings.md'), 'utf8')).toBe(page(said));
});

describe.each(SECTIONS)('$title', ({ errors, warnings = [] }) => {
  test.each(errors)('refused: %s', (...rule) => {
    const texts = said.get(errors.find(([wrong]) => wrong === rule[0])!)!;
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) expect(text).toEqual({ subject: expect.stringMatching(/\w/), rule: expect.stringMatching(/\w/), remedy: expect.stringMatching(/^\w/) });
  });

  test.each([...warnings, ['nothing', () => {}] as Rule])('warned of, and no more: %s', (...rule) => {
    const texts = said.get(warnings.find(([wrong]) => wrong === rule[0])!) ?? [];
    expect(new Set(texts.map(({ id }) => id)).size).toBe(rule[0] === 'nothing' ? 0 : 1);
    for (const text of texts) expect(text).toEqual({ id: expect.stringMatching(/^\w+$/), rule: expect.stringMatching(/\w/), remedy: expect.stringMatching(/\w/) });
  });
});

/** Checks of single values that are a rule of the property. Those of members, accounts and Regions are one rule for all. */
const RULE_OF_A_PROPERTY = /^check(Text|Integer|Duration|Count)$/;

/** Where a rule is broken: each place in `src` that adds a problem, or warns. */
function places(file: string): string[] {
  const source = ts.createSourceFile(file, fs.readFileSync(path.join(SRC, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isCallExpression(node)) return;
    const { expression } = node;
    const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
    const isProblem = ts.isPropertyAccessExpression(expression) && /problems$/i.test(expression.expression.getText()) && name.getText() === 'add';
    const isOption = ts.isPropertyAccessExpression(expression) && /^(problem|warning|warnUnset)$/.test(name.getText());
    const isCheck = RULE_OF_A_PROPERTY.test(name.getText()) && node.arguments[0]?.getText() === 'problems';
    if (isProblem || isOption || isCheck || name.getText() === 'warn') found.push(`${file}:${source.getLineAndCharacterOfPosition(name.getStart()).line + 1}`);
  };
  visit(source);
  return found;
}

test('every place in src that refuses or warns has a row: a new one belongs into test/validation/rules', () => {
  const files = fs.readdirSync(SRC, { recursive: true }).map(String).filter(file => file.endsWith('.ts') && !/(^|\/)(handler|fetcher)\/|^custom-resource\//.test(file));
  const all = files.flatMap(places);
  expect(all.length).toBeGreaterThan(120);
  const lineOf = (place: string) => {
    const [file, line] = place.split(':');
    return fs.readFileSync(path.join(SRC, file), 'utf8').split('\n')[Number(line) - 1].trim();
  };
  expect(all.filter(place => !reached.has(place)).map(place => `src/${place} ${lineOf(place)}`)).toEqual([]);
});
