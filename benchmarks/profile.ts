import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

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
  /** A package, `node`, or what V8 calls it: `(garbage collector)`. */
  readonly group: string;
  readonly name: string;
  /** Of the time in which the process was not idle. */
  readonly share: number;
}

/** Options of Node that make it write a profile when it ends. */
export const profiling = (directory: string): readonly string[] => [
  "--cpu-prof",
  `--cpu-prof-dir=${directory}`,
  "--cpu-prof-interval=200",
];

/** Functions by the time spent in themselves, the longest first; start and warm-up are among it. */
export function readProfile(directory: string): readonly Place[] {
  const file = readdirSync(directory).find((name) => name.endsWith(".cpuprofile"));
  if (file === undefined) throw new Error("No profile was written.");
  // What V8 writes.
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(directory, file), "utf8")) as Profile;
  const byId = new Map(nodes.map((node) => [node.id, toPlace(node)]));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const place = byId.get(id) ?? "";
    times.set(place, (times.get(place) ?? 0) + (timeDeltas[index] ?? 0));
  }
  for (const idle of ["(idle)", "(root)"]) times.delete(`v8\t${idle}`);
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
    ...sums.toSorted((a, b) => b.share - a.share).map(({ group, share }) => `${percent(share)}  ${group}`),
    "",
    ...places.slice(0, 30).map(({ group, name, share }) => `${percent(share)}  ${name}  (${group})`),
  ].join("\n");
}
