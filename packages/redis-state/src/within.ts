/** Rejects with a `Late` when `promise` takes longer. */
export async function within<Result>(ms: number, promise: Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>();
  // What has arrived while this process was busy itself is read between the two, and is not late.
  const timer = setTimeout(() => setImmediate(() => late.reject(new Late(ms))), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

export class Late extends Error {
  override readonly name = "Late";

  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
  }
}
