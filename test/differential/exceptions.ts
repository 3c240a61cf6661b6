import type { Place, TransferCase } from './transfers';
import { HOME, PLACES } from './transfers';
import { LocationType } from '../../src';

/** Where one of the two refuses what the other accepts, and is to. Everything else that they do not agree on is a fault of one of them. */
export interface Exception {
  readonly name: string;
  /** Which one refuses. */
  readonly refuses: 'synthesis' | 'service';
  /** The whole refusal, of synthesis each of its lines. */
  readonly says: RegExp;
  readonly concerns: (one: TransferCase) => boolean;
  /** The least that shows it. */
  readonly example: TransferCase;
}

const at = (type: LocationType, hidden?: Place['hidden']) => PLACES.find(place => place.type === type && place.region === HOME && place.hidden === hidden)!;
const example = (different: Partial<TransferCase>): TransferCase => ({
  source: at(LocationType.NFS), destination: at(LocationType.S3), options: {}, start: { options: {} }, ...different,
});

const has = (hidden: Place['hidden']) => ({ source, destination }: TransferCase) => [source, destination].some(place => place.hidden === hidden);
const sets = (names: readonly string[], ...values: unknown[]) => ({ options, start }: TransferCase) =>
  names.some(name => [options[name], start.options[name]].some(value => values.includes(value)));

export const EXCEPTIONS: readonly Exception[] = [
  {
    name: 'synthesis does not see the access tier of a location of another app',
    refuses: 'service',
    says: /invalid for storage class Archive/,
    concerns: has('archive tier'),
    example: example({
      source: at(LocationType.S3), destination: PLACES.find(place => place.hidden === 'archive tier' && place.region !== HOME)!, options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT' },
    }),
  },
  {
    name: 'owners by name, which AWS documents as not supported: synthesis warns, the emulator cannot do it',
    refuses: 'service',
    says: /Option: [UG]id, Value: (NAME|BOTH) is not supported/,
    concerns: sets(['Uid', 'Gid'], 'NAME', 'BOTH'),
    example: example({ options: { Uid: 'NAME' } }),
  },
  {
    name: 'no bytes per second, of which AWS does not say what it means: the emulator cannot do it',
    refuses: 'service',
    says: /Option: BytesPerSecond, Value: 0\./,
    concerns: sets(['BytesPerSecond'], 0),
    example: example({ start: { options: { BytesPerSecond: 0 } } }),
  },
];
