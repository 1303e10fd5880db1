import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ProxyOptions } from "./gateways.ts";

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

export interface Place {
  /** A package, `node`, or `v8`: system calls, the collector, what is not JavaScript. */
  readonly group: string;
  readonly name: string;
  /** Of the time in which the process was not idle. */
  readonly share: number;
}

/** Makes the proxy record one in `file`, from SIGUSR2 on. */
export function profiled(file: string): ProxyOptions {
  const profiler = fileURLToPath(new URL("profiler.ts", import.meta.url));
  return { nodeFlags: ["--import", profiler], env: { BENCH_PROFILE: file } };
}

/** Functions by the time spent in themselves, the longest first. */
export function readProfile(file: string): readonly Place[] {
  // What V8 writes.
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, "utf8")) as Profile;
  const byId = new Map(nodes.map((node) => [node.id, toPlace(node)]));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const place = byId.get(id) ?? "";
    times.set(place, (times.get(place) ?? 0) + (timeDeltas[index] ?? 0));
  }
  for (const idle of ["(idle)", "(root)"]) times.delete(`v8\t${idle}`);
  // The profiler's own beginning.
  for (const place of times.keys()) if (place.startsWith("node\tpost inspector")) times.delete(place);
  const all = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times]
    .map(([place, time]) => ({
      group: place.split("\t")[0] ?? "",
      name: place.split("\t")[1] ?? "",
      share: time / all,
    }))
    .toSorted((a, b) => b.share - a.share);
}

function toPlace({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  if (url === "") return `v8\t${functionName || "(anonymous)"}`;
  const library = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  const ours = /\/((?:packages|apps)\/[^/]+)\//.exec(url)?.[1];
  const group = library ?? ours ?? (url.startsWith("node:") ? "node" : url);
  const file = url.replace(/.*\//, "").replace("node:", "");
  return `${group}\t${functionName || "(anonymous)"} ${file}:${lineNumber + 1}`;
}

/** By package, then the longest functions. */
export function profileTable(places: readonly Place[]): string {
  const groups = Map.groupBy(places, ({ group }) => group);
  const sums = [...groups].map(([group, all]) => ({ group, share: all.reduce((sum, { share }) => sum + share, 0) }));
  const percent = (share: number) => `${(share * 100).toFixed(1)}%`.padStart(6);
  return [
    ...sums
      .filter(({ share }) => share >= 0.005)
      .toSorted((a, b) => b.share - a.share)
      .map(({ group, share }) => `${percent(share)}  ${group}`),
    "",
    ...places.slice(0, 30).map(({ group, name, share }) => `${percent(share)}  ${name}  (${group})`),
  ].join("\n");
}
