/** The clock of a client beside a stack whose clock others have moved. */

/**
 * `Date` as it is so many milliseconds later. It needs nothing around it, so that its text does the same in a process of
 * its own.
 */
export function dateAhead(milliseconds: number): DateConstructor {
  const real = Date;
  const now = () => real.now() + milliseconds;
  return new Proxy(real, {
    construct: (target, given, asked) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, asked),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}
