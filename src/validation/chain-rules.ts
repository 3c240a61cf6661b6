import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import { definitionOf } from './definition';
import { overlap } from './pair-rules';
import { show } from './problems';
import { warn, whenSynthesized } from './warnings';

/** A start on deploy, as the next one in a chain sees it. */
interface ChainedStart extends IConstruct {
  readonly _task: aws_datasync.ITaskRef;
  readonly _waitsForEnd: boolean;
}

/**
 * Warns of a start that comes after another one whose destination is its source, unless that is waited for to its end. Dependencies may be
 * added at any time, so they are looked at when the app is synthesized.
 */
export function warnOfChain(start: ChainedStart): void {
  const own = definitionOf(start._task);
  const reads = own?.transfer.source;
  if (!reads) return;
  whenSynthesized(start, () => {
    for (const earlier of startsBefore(start)) {
      const writes = definitionOf(earlier._task)?.transfer.destination;
      if (earlier._waitsForEnd || !writes || !overlap(writes, reads)) continue;
      warn(start, 'chainedStart', `it starts after ${earlier.node.path}, which copies to what is its source ${show(own.source?.node.path)}, but does not wait until that has ended: `
        + 'it copies what is there by then; give the first one completion: Completion.succeeded()');
    }
  });
}

/** What the construct depends on, directly or not, be it on its own or with what it is in. */
function startsBefore(start: IConstruct): ChainedStart[] {
  const seen = new Set<IConstruct>();
  const found = new Set<ChainedStart>();
  const visit = (construct: IConstruct) => {
    for (const scope of construct.node.scopes) {
      if (seen.has(scope)) continue;
      seen.add(scope);
      for (const dependency of scope.node.dependencies) {
        for (const part of dependency.node.findAll()) {
          if ('_waitsForEnd' in part) found.add(part as ChainedStart);
          visit(part);
        }
      }
    }
  };
  visit(start);
  found.delete(start as ChainedStart);
  return [...found];
}
