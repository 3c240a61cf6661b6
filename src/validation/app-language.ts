/** What stands in quotes, cut or not, is a value. An apostrophe of prose follows a letter. */
const QUOTED = /"(?:[^"\\]|\\.)*?(?:"|\.\.\. \(\d+ characters\))|(?<=[([ ,])'[^']*'/g;
/** Where a text in quotes was. */
const VALUE = /\0(\d+)\0/g;

/** How Python writes what TypeScript writes so. Parts of paths are left alone, as is what follows a colon at once, such as the id of a warning. */
const PYTHON: ReadonlyArray<readonly [typescript: RegExp, python: (...found: string[]) => string]> = [
  [/, \{ (\w+): ([^{}]*) \}\)/g, (_, name, value) => `, ${name}=${value})`],
  [/(\w+): \{ (\w+): ([^{}]*) \}/g, (_, property, name, value) => `${property}={"${name}": ${value}}`],
  [/\{ (\w+): ([^{}]*) \}/g, (_, name, value) => `{"${name}": ${value}}`],
  [/(\w+): (?=[A-Z]\w*\.\w+\()/g, (_, property) => `${property}=`],
  [/readFileSync\((\0\d+\0), \0\d+\0\)/g, (_, file) => `open(${file}).read()`],
  [/(?<![\w/:-])[a-z][a-z0-9]*(?:[A-Z][a-z0-9]+)+(?![\w/])/g, name => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)],
  [/(?<![\w/:-])(?:true|false)(?![\w/-])/g, value => value === 'true' ? 'True' : 'False'],
];

/**
 * The same message with names and code as the language of the app has them. jsii tells the process in which it runs this library who calls it.
 *
 * @param caller as jsii has it, such as `Python/3.12.1`; nothing in an app in TypeScript
 */
export function inLanguageOfApp(message: string, caller = process.env.JSII_AGENT): string {
  if (!caller?.startsWith('Python/')) return message;
  const values: string[] = [];
  const withoutValues = message.replace(QUOTED, value => `\0${values.push(value) - 1}\0`);
  return PYTHON.reduce((text, [typescript, python]) => text.replace(typescript, python), withoutValues).replace(VALUE, (_, index) => values[index]);
}
