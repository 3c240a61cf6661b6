import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

/** Names of the properties of every interface that the L1s of the service declare, such as `CfnTaskProps` and `CfnTask.OptionsProperty`. */
export const L1_PROPERTIES: { readonly [type: string]: readonly string[] } = (() => {
  const file = path.join(path.dirname(require.resolve('aws-cdk-lib')), 'aws-datasync', 'lib', 'datasync.generated.d.ts');
  const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: { [name: string]: string[] } = {};
  const visit = (node: ts.Node, scope: string): void => {
    if (ts.isInterfaceDeclaration(node)) found[scope + node.name.text] = node.members.map(member => member.name!.getText());
    if (ts.isModuleDeclaration(node)) ts.forEachChild(node.body!, child => visit(child, `${scope}${node.name.text}.`));
  };
  ts.forEachChild(source, node => visit(node, ''));
  return found;
})();

/** What an L1 calls a property of the template. */
export function camelCase(name: string): string {
  return /^[A-Z]+$/.test(name) ? name.toLowerCase() : name[0].toLowerCase() + name.slice(1);
}
