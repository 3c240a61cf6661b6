import type { TestFile } from './files';
import { contentOf, contextOf, listed, sourceOf } from './files';
import type { Backend, Item, ItemKind } from '../../../../emulator/engine/backend';
import type { TransferOptions } from '../../../../emulator/engine/request';

/** A new, empty location. */
export interface TestLocation {
  /** As the suite tests it. */
  open(): Backend;
  /** As it is, without any decorator: what is really there is asked of it. */
  openPlain(): Backend;
  /** Opens a place that is below it. */
  openBelow(folder: string): Backend;
  /** Puts a file there, without the backend. */
  put(key: string, content: Buffer): Promise<void>;
}

/** A backend, or a decorator around one, and what cannot be asked of it. */
export interface Subject {
  /** Keys that the store has no place for. */
  readonly impossible?: RegExp;
  readonly lacks?: readonly ItemKind[];
  /** Files can have several names. */
  readonly hasLinks?: boolean;
  /** It copies from its own store without reading. */
  readonly copiesWithinStore?: boolean;
  /** It answers changes and makes none. */
  readonly isDryRun?: boolean;
  make(): Promise<TestLocation>;
  /** A location that cannot be used, since nothing is there. */
  openMissing(): Backend;
}

/** Names that file systems, URLs, XML, patterns and orders of characters have trouble with. */
const ODD_KEYS = [
  'A', 'a b', ' lead', 'trail ', 'a+b', '%41', '&<>"\'', 'a|b', '*', '?x=1', '#', '~', '-', '.hidden', '...', 'back\\slash', 'new\nline', '\u0001',
  'é', 'e\u0301', '\ue000', '😀', 'x'.repeat(200),
];

/** The location of one test, with what is open of it. */
export class Bench {
  public location!: TestLocation;
  private opened: Backend[] = [];

  constructor(public readonly subject: Subject) {}

  public async begin(): Promise<void> {
    this.location = await this.subject.make();
    this.opened = [];
  }

  public end(): void {
    this.opened.forEach(backend => backend.close());
  }

  public get oddKeys(): string[] {
    return ODD_KEYS.filter(key => !this.subject.impossible?.test(key));
  }

  public closeLater(backend: Backend): void {
    this.opened.push(backend);
  }

  public async use(backend: Backend): Promise<Backend> {
    this.closeLater(backend);
    await backend.access();
    return backend;
  }

  public open(): Promise<Backend> {
    return this.use(this.location.open());
  }

  /** What is really there, by key. */
  public async contents(): Promise<Record<string, string>> {
    const backend = await this.use(this.location.openPlain());
    const found: Record<string, string> = {};
    for (const item of await listed(backend)) if (item.kind !== 'folder') found[item.key] = (await contentOf(backend, item)).toString();
    return found;
  }

  /** Does something between the begin and the end of writing. */
  public async writing<T>(backend: Backend, act: () => Promise<T>): Promise<T> {
    await backend.beginWriting();
    try {
      return await act();
    } finally {
      await backend.endWriting();
    }
  }

  public async write(backend: Backend, file: TestFile, options: Partial<TransferOptions> = {}, existing?: Item): Promise<Item | undefined> {
    return this.writing(backend, async () => backend.write(file.item, existing, sourceOf(file), contextOf(options).context));
  }
}
