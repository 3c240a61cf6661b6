/**
 * Makes the compiled library load its modules, and those of aws-cdk-lib, when they are used for the first time, as aws-cdk-lib itself does. An
 * app that has no schedule then never loads what makes one. The compiler has no such option.
 */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';

const LIBRARY = path.join(__dirname, '..', 'lib');
const load = createRequire(__filename);

/** What the compiler writes for `import { ... } from`. */
const IMPORT = /^const (\w+_\d+) = require\("([^"]+)"\);$/gm;
/** What it writes for `export * from`. */
const EXPORT = /^__exportStar\(require\("([^"]+)"\), exports\);$/gm;

function main(): void {
  const files = fs.readdirSync(LIBRARY, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.js'));
  const before = files.map(file => fs.readFileSync(path.join(LIBRARY, file), 'utf8'));
  const index = files.indexOf('index.js');
  // Before a file is changed: the names are asked of the modules.
  const after = before.map((text, i) => i === index ? exportsWhenUsed(text) : importsWhenUsed(text));
  after.forEach((text, i) => {
    if (text !== before[i]) fs.writeFileSync(path.join(LIBRARY, files[i]), text);
  });
}

function importsWhenUsed(text: string): string {
  const names = [...text.matchAll(IMPORT)].map(([, name]) => name);
  if (names.length === 0) return text;
  return text
    .replace(new RegExp(`\\b(${names.join('|')})\\.`, 'g'), '($1()).') // in brackets, for `new`
    .replace(IMPORT, 'let $1 = () => { const loaded = require("$2"); $1 = () => loaded; return loaded; };');
}

function exportsWhenUsed(text: string): string {
  const names: string[] = [];
  const changed = text.replace(EXPORT, (_, module: string) => Object.keys(load(path.join(LIBRARY, module))).map(name => {
    names.push(name);
    return `whenUsed("${name}", () => require("${module}"));`;
  }).join('\n'));
  if (names.length === 0) return text;
  return changed.replace(/^Object\.defineProperty\(exports, "__esModule".*$/m, head => [
    head,
    // Node reads in the text which names `import { ... }` of an ES module may ask for, and would leave out those that it sees to be getters.
    `${names.map(name => `exports.${name} = `).join('')}void 0;`,
    'const whenUsed = (name, load) => Object.defineProperty(exports, name, { enumerable: true, configurable: true, get: () => load()[name] });',
  ].join('\n'));
}

main();
