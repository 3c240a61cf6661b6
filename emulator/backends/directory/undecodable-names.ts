/** What Node decodes bytes to that are not UTF-8. */
const UNDECODABLE = '\ufffd';
/** Each byte of a name that is not UTF-8 is the low half of a pair that has no high half, which no text has in it (as Python does it). */
const BASE = 0xdc00;
const ODD = /[\udc80-\udcff]/u;

/** Could the name be one that was not UTF-8? */
export function isUndecodable(name: string): boolean {
  return name.includes(UNDECODABLE);
}

/** Was a name in this key not UTF-8? */
export function isOdd(key: string): boolean {
  return ODD.test(key);
}

/** A name as it is in keys: text, or, if it is not UTF-8, something that no other name is. */
export function keyOfName(name: Buffer): string {
  const text = name.toString();
  if (!isUndecodable(text) || Buffer.from(text).equals(name)) return text;
  return Array.from(name, byte => String.fromCharCode(byte < 0x80 ? byte : BASE + byte)).join('');
}

/** A path made of a key, as system calls take it. */
export function onDisk(path: string): string | Buffer {
  if (!isOdd(path)) return path;
  return Buffer.concat(path.split('/').flatMap((name, i) => [Buffer.from(i === 0 ? '' : '/'), bytesOf(name)]));
}

function bytesOf(name: string): Buffer {
  return isOdd(name) ? Buffer.from(Array.from(name, char => char.charCodeAt(0) % 0x100)) : Buffer.from(name);
}
