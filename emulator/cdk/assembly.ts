import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from './manifest';
import { fileOf, isStackArtifact, parseJson, readManifests, readText } from './manifest';

/** One template of an assembly: of a stack, or of a nested stack. */
export interface Template {
  readonly file: string;
  /** What the file holds now; change it in place. */
  readonly body: any;
}

interface StoredTemplate extends Template {
  readonly path: string;
  readonly text: string;
}

/**
 * A synthesized cloud assembly: the templates of all its stacks, nested ones and those of stages included.
 *
 * A template is uploaded under the hash of its content, which stands in the asset manifest, in the assembly's manifest
 * and in the template of the stack that nests it. `write` brings all of them up to date, so that the CDK CLI uploads
 * what changed instead of reusing an earlier upload.
 */
export class Assembly {
  public readonly templates: readonly Template[];
  private readonly folders: readonly Folder[];

  /** @throws AssemblyError when there is no assembly or it cannot be read */
  constructor(folder: string) {
    this.folders = readManifests(folder).map(manifest => new Folder(manifest));
    this.templates = this.folders.flatMap(each => each.templates);
  }

  /** Writes the changed templates and everything that names their hashes; returns how many templates changed. */
  public write(): number {
    return this.folders.reduce((sum, folder) => sum + folder.write(), 0);
  }
}

/** One folder with a manifest; a stage has one of its own below the app's. */
class Folder {
  public readonly templates: readonly StoredTemplate[];
  /** Path of an asset manifest to its text. */
  private readonly assetManifests = new Map<string, string>();
  private readonly hashes = new Map<string, string>(); // template file to the hash it is stored under

  constructor(private readonly manifest: Manifest) {
    const { folder, artifacts } = manifest;
    for (const { properties: { file } } of artifacts.filter(({ type }) => type === 'cdk:asset-manifest')) {
      const path = join(folder, file);
      const text = readText(path);
      this.assetManifests.set(path, text);
      for (const [hash, asset] of Object.entries<any>(parseJson(path, text).files ?? {})) {
        if (asset.source?.path?.endsWith('.template.json')) this.hashes.set(asset.source.path, hash);
      }
    }
    const ofStacks = artifacts.filter(isStackArtifact).map(({ properties }) => properties.templateFile as string);
    this.templates = [...new Set([...ofStacks, ...this.hashes.keys()])].map(file => {
      const path = join(folder, file);
      const text = readText(path);
      return { file, path, text, body: parseJson(path, text) };
    });
  }

  public write(): number {
    const renamed = new Map<string, string>(); // old hash to new hash
    const results = new Map<StoredTemplate, string>();
    const rename = (text: string) => [...renamed].reduce((changed, [from, to]) => changed.replaceAll(from, to), text);

    // A template that nests others names their hashes: those come first.
    const finish = (template: StoredTemplate) => {
      if (results.has(template)) return;
      results.set(template, template.text);
      for (const other of this.templates) {
        const hash = this.hashes.get(other.file);
        if (other !== template && hash && template.text.includes(hash)) finish(other);
      }
      const before = JSON.stringify(parseJson(template.path, template.text));
      const text = rename(JSON.stringify(template.body) === before ? template.text : JSON.stringify(template.body, undefined, 1));
      results.set(template, text);
      const hash = this.hashes.get(template.file);
      if (hash && text !== template.text) renamed.set(hash, createHash('sha256').update(text).digest('hex'));
    };
    this.templates.forEach(finish);

    const changed = this.templates.filter(template => results.get(template) !== template.text);
    for (const template of changed) writeFileSync(template.path, results.get(template)!);
    if (renamed.size > 0) {
      for (const [path, text] of this.assetManifests) writeFileSync(path, rename(text));
      writeFileSync(fileOf(this.manifest.folder), rename(this.manifest.text));
    }
    return changed.length;
  }
}
