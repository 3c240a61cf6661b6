const SHOWN_CHARACTERS = 80;

/** What is nested deeper, and what comes later in a list or a structure, is left out: a caller may send either without end. */
const SHOWN_LEVELS = 3;
const SHOWN_MEMBERS = 20;

/** A value from outside as it may stand in a message: JSON, and short. */
export function shown(value: unknown): string {
  const json = JSON.stringify(pruned(value, SHOWN_LEVELS)) ?? 'nothing';
  return json.length > SHOWN_CHARACTERS ? `${json.slice(0, SHOWN_CHARACTERS)}...` : json;
}

function pruned(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return '...';
  if (Array.isArray(value)) return value.slice(0, SHOWN_MEMBERS).map(element => pruned(element, levels - 1));
  return Object.fromEntries(Object.entries(value).slice(0, SHOWN_MEMBERS).map(([name, member]) => [name, pruned(member, levels - 1)]));
}
