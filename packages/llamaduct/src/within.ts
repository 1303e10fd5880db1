import { type CallOptions, ProviderError } from "@llamaduct/core";

/** Runs one call that has no stream to watch, within a time. Throws `upstream_total_timeout` when it is over. */
export async function within<Result>(
  limitMs: number,
  call: CallOptions,
  run: (call: CallOptions) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const { signal } = call;
  const forward = () => controller.abort(signal?.reason);
  const message = `The model did not finish within ${limitMs} ms.`;
  const timer = setTimeout(
    () => controller.abort(new ProviderError({ code: "upstream_total_timeout", message })),
    limitMs,
  );
  if (signal?.aborted) forward();
  signal?.addEventListener("abort", forward, { once: true });
  try {
    return await run({ ...call, signal: controller.signal });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", forward);
  }
}
