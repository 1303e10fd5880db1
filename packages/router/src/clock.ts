/** Time as the router sees it; tests and simulations bring their own. */
export interface Clock {
  /** Monotonic, milliseconds. */
  now(): number;
  /** Runs once after so many milliseconds; what it gives stops that. One in the background keeps no process alive. */
  after(ms: number, run: () => void, options?: { readonly background?: boolean | undefined }): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, run, { background = false } = {}) {
    const timer = setTimeout(run, ms);
    if (background) timer.unref?.();
    return () => clearTimeout(timer);
  },
};
