/**
 * Writes docs/errors-and-warnings.md: what synthesis says of every rule that is broken, as the rows of test/validation/rules break it. Run
 * `npx tsx tools/write-errors-page.ts` when test/validation/errors-and-warnings.test.ts says that the page is stale.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { SECTIONS } from '../test/validation/rules';
import { OURS, saidOf } from '../test/validation/rules/rule';
import type { Rule, Said, Section } from '../test/validation/rules/rule';

const PAGE = path.join(__dirname, '..', 'docs', 'errors-and-warnings.md');

const INTRODUCTION = `# Errors and warnings

What synthesis says of each rule. \`tools/write-errors-page.ts\` writes this page from the table that the tests break each rule by, so each text is the one that
you get, with the value of an example.

An error reads \`[path of the construct] property value: rule; remedy\`. All that is wrong with a construct is told at once. A warning reads
\`rule; remedy\`, then the line that acknowledges it: \`Annotations.of(construct).acknowledgeWarning('cdk-datasync:<warning>')\`. Errors are what AWS documents, or what
many have seen; what is inferred, or most likely not meant, is a warning. The source is the page of AWS that says so. *this library* is a rule of its own.
A value that only the deployment knows passes every check. Names and code are those of TypeScript here; an app in Python is told those of Python, such as
\`server_hostname\` and \`Annotations.of(construct).acknowledge_warning()\`.
`;

/** Text in a cell of a table. */
const cell = (text: string): string => text.replace(/[\\|*_<>[\]\`]/g, '\\$&').replace(/\n/g, ' ');
/** The same as it is written in code. */
const code = (text: string): string => text === '' ? '' : `\`${text.replace(/\|/g, '\\|').replace(/\`/g, '\'')}\``;

function source(of: string): string {
  if (of === OURS) return OURS;
  const address = of.startsWith('https:') ? of : `https://docs.aws.amazon.com/datasync/latest/userguide/${of}.html`;
  return `[${path.basename(address, '.html')}](${address})`;
}

function row([wrong, , from]: Rule, said: Said, section: Section): string {
  const first = said.id === undefined ? [cell(wrong), code(said.subject!)] : [code(said.id), cell(wrong)];
  return `| ${[...first, cell(said.rule), cell(said.remedy), source(from ?? section.source)].join(' | ')} |`;
}

export function page(saidBy: ReadonlyMap<Rule, readonly Said[]>): string {
  const table = (head: string, rules: readonly Rule[], section: Section): string[] => rules.length === 0 ? [] : [
    '', `| ${head} | rule | remedy | source |`, '| --- | --- | --- | --- | --- |', ...rules.flatMap(rule => saidBy.get(rule)!.slice(0, 1).map(said => row(rule, said, section))),
  ];
  return INTRODUCTION + SECTIONS.flatMap(section => [
    '', `## ${section.title}`,
    ...table('error: what is wrong | property, value', section.errors, section),
    ...table('warning | what is unusual', section.warnings ?? [], section),
    '',
  ]).join('\n').replace(/\n{3,}/g, '\n\n');
}

/** What is said of every rule. */
function sayings(): Map<Rule, Said[]> {
  return new Map(SECTIONS.flatMap(({ errors, warnings = [] }) => [...errors, ...warnings]).map(rule => [rule, saidOf(rule)]));
}

if (require.main === module) fs.writeFileSync(PAGE, page(sayings()));
