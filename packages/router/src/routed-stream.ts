import type { Batch, CallOptions, Stream } from "@llamaduct/core";

/** A stream that is opened at the first read. Leaving it ends whatever is being tried at that moment. */
export function routedStream(call: CallOptions | undefined, open: (call: CallOptions) => Promise<Stream>): Stream {
  return {
    [Symbol.asyncIterator](): AsyncIterator<Batch> {
      const left = new AbortController();
      const signal = call?.signal === undefined ? left.signal : AbortSignal.any([call.signal, left.signal]);
      let opening: Promise<AsyncIterator<Batch>> | undefined;
      const begin = async () => (await open({ ...call, signal }))[Symbol.asyncIterator]();
      return {
        async next() {
          opening ??= begin();
          return (await opening).next();
        },
        async return() {
          left.abort(new Error("The reader has left."));
          // Nobody is waited for: what is being opened ends by the signal.
          opening?.then(
            (iterator) => iterator.return?.(),
            () => {},
          );
          return { done: true, value: undefined };
        },
      };
    },
  };
}
