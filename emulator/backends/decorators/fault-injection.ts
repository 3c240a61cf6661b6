import { decorate } from './decorate';
import type { Backend, Item } from '../../engine/backend';
import type { Faults } from '../../faults/faults';
import type { Task } from '../../model/task';

/** A destination at which the items fail that the plan names. Everything else it leaves to the true one. */
export function injectFaults(destination: Backend, faults: Faults, task: Task): Backend {
  const failTransfer = ({ key }: Item) => {
    const message = faults.itemFailure(task, 'READ', pathOf(key)) ?? faults.itemFailure(task, 'WRITE', pathOf(key));
    if (message !== undefined) throw new Error(message);
  };
  return decorate(destination, {
    write: (item, existing, source, context) => {
      failTransfer(item);
      return destination.write(item, existing, source, context);
    },
    copyFrom: destination.copyFrom && ((source, item, existing, context) => {
      failTransfer(item);
      return destination.copyFrom!(source, item, existing, context);
    }),
    link: destination.link && ((item, first, context) => {
      failTransfer(item);
      return destination.link!(item, first, context);
    }),
    writeMetadata: (item, existing, source, context) => {
      failTransfer(item);
      return destination.writeMetadata(item, existing, source, context);
    },
    sha256: async (item, signal) => {
      const message = faults.itemFailure(task, 'VERIFY', pathOf(item.key));
      if (message) throw new Error(message);
      const sum = await destination.sha256(item, signal);
      return message === undefined ? sum : [...sum].reverse().join('');
    },
  });
}

/** As filters know it: without the slash at the end of a folder. */
function pathOf(key: string): string {
  return key.endsWith('/') ? key.slice(0, -1) : key;
}
