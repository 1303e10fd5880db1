export interface LinkedAbort {
  readonly signal: AbortSignal;
  /** Aborts, and lets go of the signal that was followed: to be called at the end of every use. */
  abort(reason: unknown): void;
}

/** A signal that follows the caller's. `AbortSignal.any` on a signal that lives long would keep every one of them. */
export function linkedAbort(followed: AbortSignal | undefined): LinkedAbort {
  const controller = new AbortController();
  const follow = (): void => controller.abort(followed?.reason);
  if (followed?.aborted) follow();
  followed?.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    abort(reason) {
      followed?.removeEventListener("abort", follow);
      controller.abort(reason);
    },
  };
}
