import type { Bench } from './bench';
import type { Backend } from '../../../../emulator/engine/backend';
import { LocationError } from '../../../../emulator/engine/errors';
import { isWithinStore } from '../../../../emulator/engine/within-store';

export function testLocation(bench: Bench): void {
  const { subject } = bench;

  describe('a location', () => {
    test('can be accessed when it is there, empty or not, and again', async () => {
      const backend = bench.location.open();
      bench.closeLater(backend);
      await backend.access();
      await bench.location.put('file', Buffer.from('x'));
      await expect(backend.access()).resolves.toBeUndefined();
    });

    test('that is not there is refused with a LocationError by access', async () => {
      const backend = subject.openMissing();
      bench.closeLater(backend);
      await expect(backend.access()).rejects.toBeInstanceOf(LocationError);
    });

    test('begins its extent with that of the location around it, and with no other', async () => {
      await bench.location.put('folder/file', Buffer.from('x'));
      await bench.location.put('folder2/file', Buffer.from('x'));
      const [whole, part, other] = [await bench.open(), await bench.use(bench.location.openBelow('folder')), await bench.use(bench.location.openBelow('folder2'))];
      expect(part.extent.startsWith(whole.extent)).toBe(true);
      expect(other.extent.startsWith(part.extent) || part.extent.startsWith(other.extent)).toBe(false);
    });

    test('tells what it has no place for, whether files can have several names, and whether it copies within its store', async () => {
      const [backend, plain] = [await bench.open(), await bench.use(bench.location.openPlain())];
      expect({ lacks: backend.lacks, hasLinks: backend.link !== undefined, copiesWithinStore: isWithinStore(plain, backend) }).toEqual({
        lacks: subject.lacks, hasLinks: subject.hasLinks ?? false, copiesWithinStore: subject.copiesWithinStore ?? false,
      });
    });

    test('can be closed without having been accessed, and twice', async () => {
      const close = (backend: Backend) => () => {
        backend.close();
        backend.close();
      };
      expect(close(bench.location.open())).not.toThrow();
      const accessed = bench.location.open();
      await accessed.access();
      expect(close(accessed)).not.toThrow();
    });
  });
}
