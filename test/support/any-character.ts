/** Any character for properties; fast-check's own unit `binary` takes a second of the processor to be made. */
import fc from 'fast-check';

const mostCodePoint = 0x10ffff;
const surrogates = { first: 0xd800, count: 0x800 };

/** Every character that is no half of another, those of ASCII and Latin often. */
export const anyCharacter: fc.Arbitrary<string> = fc
  .oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0, max: 0x24f }),
    fc.integer({ min: 0, max: mostCodePoint - surrogates.count }),
  )
  .map((place) => String.fromCodePoint(place < surrogates.first ? place : place + surrogates.count));
