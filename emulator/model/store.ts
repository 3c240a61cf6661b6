import { checkAccount, scopeOfArn } from './arns';
import type { Scope } from './scope';
import type { Clock } from '../clock';
import { InvalidRequestError } from '../errors';

/** What every stored thing has. */
export interface Resource {
  readonly arn: string;
  readonly creationTime: Date;
  /** A tag may have no value. */
  readonly tags: Map<string, string | undefined>;
}

/** The members that every new resource starts with. */
export function newResource({ clock }: { readonly clock: Clock }, arn: string, tags: ReadonlyArray<{ Key?: string; Value?: string }> = []): Resource {
  return { arn, creationTime: clock.now(), tags: new Map(tags.map(({ Key, Value }) => [Key!, Value])) };
}

/**
 * Resources of one type, in the order of their creation. They live as long as the emulator does.
 */
export class Store<R extends Resource> implements Iterable<R> {
  private readonly resources = new Map<string, R>();

  /**
   * @param notFound the service's text for an ARN that it does not know
   */
  constructor(private readonly notFound: (arn: string) => string) {}

  public add(resource: R): R {
    this.resources.set(resource.arn, resource);
    return resource;
  }

  /**
   * The resource with that ARN.
   *
   * @throws InvalidRequestError when it does not exist or belongs to another account or Region
   */
  public get(arn: string, caller: Scope): R {
    checkAccount(arn, caller);
    const resource = scopeOfArn(arn).region === caller.region ? this.resources.get(arn) : undefined;
    if (!resource) throw new InvalidRequestError(this.notFound(arn));
    return resource;
  }

  /** The resource with that ARN, whoever asks. */
  public find(arn: string): R | undefined {
    return this.resources.get(arn);
  }

  public delete({ arn }: Pick<Resource, 'arn'>): void {
    this.resources.delete(arn);
  }

  /** What the caller may see. */
  public visibleTo(caller: Scope): R[] {
    return [...this].filter(({ arn }) => {
      const { account, region } = scopeOfArn(arn);
      return account === caller.account && region === caller.region;
    });
  }

  public [Symbol.iterator](): Iterator<R> {
    return this.resources.values();
  }
}
