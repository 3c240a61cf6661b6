import { readFileSync } from 'node:fs';

/** Names by id. */
export interface OwnerNames {
  readonly users: ReadonlyMap<number, string>;
  readonly groups: ReadonlyMap<number, string>;
}

/** The names that this machine has for owners and groups; none where it keeps them elsewhere. */
export function ownerNames(passwd = '/etc/passwd', group = '/etc/group'): OwnerNames {
  return { users: namesIn(passwd), groups: namesIn(group) };
}

/** Both files have the name first and the id third. A name of digits alone would be taken for an id. */
function namesIn(file: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of textOf(file).split('\n')) {
    const [name, , id] = line.split(':');
    if (/^[a-z_][\w.@$-]*$/i.test(name) && /^\d+$/.test(id ?? '') && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
