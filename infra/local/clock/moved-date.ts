/** Replaces the global Date of a thread by one that runs ahead of real time. */

/** @param offset one BigInt64, the lead in milliseconds, read at every call. */
export function moveDate(offset: SharedArrayBuffer): void {
  const lead = new BigInt64Array(offset);
  const RealDate = Date;
  const now = (): number => RealDate.now() + Number(Atomics.load(lead, 0));

  // A function and not a class, because Date may be called without `new`.
  function MovedDate(...parts: unknown[]): unknown {
    if (new.target === undefined) return new RealDate(now()).toString();
    return Reflect.construct(RealDate, parts.length === 0 ? [now()] : parts, new.target);
  }
  Object.setPrototypeOf(MovedDate, RealDate);
  Object.assign(MovedDate, { now });
  MovedDate.prototype = RealDate.prototype;
  RealDate.prototype.constructor = MovedDate as unknown as DateConstructor;
  Object.defineProperty(MovedDate, 'name', { value: 'Date' });
  globalThis.Date = MovedDate as unknown as DateConstructor;
}
