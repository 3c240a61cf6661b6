import type { Scope } from '../model/scope';
import type { State } from '../state';

/** What an operation's handler gets besides its input. */
export interface Context extends State {
  readonly caller: Scope;
}

/**
 * An operation: takes the checked input and returns the output, times as `Date`.
 * The SDK's types of both go into each handler's signature.
 */
export type Handler = (context: Context, input: any) => object | Promise<object>;

/** Operations by their name. */
export type Handlers = Readonly<Record<string, Handler>>;
