import type { Item } from './types';

/** Another name of a file that came before. */
export interface OtherName {
  /** Key of the file's first name. */
  readonly first: string;
  /** Whether the two are names of one file at the destination, too. */
  readonly isLinked: boolean;
}

/** Files with several names. Only those are remembered, by what identifies them. */
export class HardLinks {
  private readonly files = new Map<string, { readonly first: string; readonly existing?: string }>();

  /** Says of a file's second and further names what the first was. */
  public note(source: Item, destination: Item | undefined): OtherName | undefined {
    if (source.hardLink === undefined) return undefined;
    const file = this.files.get(source.hardLink);
    if (file) return { first: file.first, isLinked: file.existing !== undefined && file.existing === destination?.hardLink };
    this.files.set(source.hardLink, { first: source.key, existing: destination?.hardLink });
    return undefined;
  }
}
