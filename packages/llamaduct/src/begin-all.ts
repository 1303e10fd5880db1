import { type CallOptions, type CommittedStream, type Completion, collect, commit, type Stream } from "@llamaduct/core";
import { later } from "./later.ts";

export type Open = (call: CallOptions) => Stream;

/** Nearly every answer is one stream. */
export const several: () => Promise<typeof import("./begin-several.ts")> = later(() => import("./begin-several.ts"));

/** Streams of one request, begun together: all of them, or the first failure, and then no upstream goes on. */
export async function beginAll(opens: readonly Open[], call: CallOptions): Promise<readonly CommittedStream[]> {
  const [only] = opens;
  if (only !== undefined && opens.length === 1) return [await commit(only(call))];
  return (await several()).beginSeveral(opens, call);
}

/** Every answer whole. The first failure is everybody's: nobody reads what the other upstreams would still generate. */
export async function collectAll(streams: readonly CommittedStream[]): Promise<readonly Completion[]> {
  const [only] = streams;
  if (only !== undefined && streams.length === 1) return [await collect(only)];
  return (await several()).collectSeveral(streams);
}
