import * as fc from 'fast-check';

/** Mostly what shrinks best; a choice of the rest now and then. */
export const mostly = <T>(usual: T, weight: number, ...rest: [T, ...T[]]): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: fc.constant(usual), weight }, { arbitrary: fc.constantFrom(...rest), weight: rest.length });
export const list = <T>(arbitrary: fc.Arbitrary<T>, maxLength: number) =>
  fc.oneof({ arbitrary: fc.constant<T[]>([]), weight: 1 }, { arbitrary: fc.array(arbitrary, { minLength: 1, maxLength, size: 'max' }), weight: 2 });
/** Most that matters happens early. */
export const early = (max: number) => fc.oneof(fc.nat({ max: 2 }), fc.nat({ max }));
