import { createHash } from 'node:crypto';
import type { Values } from './call';

/** Values of the right form, which are the same as long as the resource is. */
export function standInValues({ PhysicalId, Attributes }: Values, stackId: string, logicalId: string): { ref: any; attributes: Values } {
  const [, partition, , region, account] = stackId.split(':');
  const id = createHash('sha256').update(stackId + logicalId).digest('hex').slice(0, 17);
  const known: Values = { partition, region, account, id, short: id.slice(0, 10), byte: parseInt(id.slice(0, 2), 16) };
  const filled = (form: any): any => Array.isArray(form) ? form.map(filled) : form.replace(/\{(\w+)\}/g, (_: string, name: string) => known[name]);
  return { ref: filled(PhysicalId), attributes: Object.fromEntries(Object.entries(Attributes || {}).map(([name, form]) => [name, filled(form)])) };
}
