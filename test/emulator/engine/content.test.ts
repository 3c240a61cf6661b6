import fc from 'fast-check';
import { collect } from '../../../emulator/engine/content';

async function* each(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  const one = Buffer.alloc(64);
  for (const chunk of chunks) yield one.subarray(0, chunk.copy(one)); // the same memory again and again, as a source may do
}

test('what is collected is all that came, whatever size was expected, and each chunk is told of', () => fc.assert(fc.asyncProperty(
  fc.array(fc.uint8Array({ maxLength: 64 }).map(bytes => Buffer.from(bytes)), { maxLength: 20 }), fc.nat(400), async (chunks, size) => {
    const sent: number[] = [];
    const all = await collect({ item: { key: 'file', kind: 'file', size }, chunks: each(chunks) }, bytes => { sent.push(bytes); });
    expect(all.equals(Buffer.concat(chunks))).toBe(true);
    expect(sent).toEqual(chunks.map(({ length }) => length));
  },
)));
