// node run.ts [--only NAME,…] [--rounds N] [--check]: the proxy beside others, as README.md explains. It must be built.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { direct, floor, proxy, startUpstream } from "./gateways.ts";
import { type Player, playRounds } from "./play-rounds.ts";
import { OTHERS_CPU, pinSelf, type Running } from "./processes.ts";
import { describeRun, holds, type ScenarioResult } from "./results.ts";
import { SCENARIOS } from "./scenarios.ts";
import { gateways, targets } from "./to-markdown.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    rounds: { type: "string", default: "5" },
    check: { type: "boolean", default: false },
  },
});
const names = values.only?.split(",");
const scenarios = SCENARIOS.filter(({ name }) => names === undefined || names.includes(name));

pinSelf(OTHERS_CPU);
const directory = mkdtempSync(join(tmpdir(), "llamaduct-bench-"));
const running: Running[] = [];
const results: ScenarioResult[] = [];
try {
  const upstream = await startUpstream();
  running.push(upstream);
  const world = { upstream, directory };
  const players: Player[] = [];
  for (const contender of [direct, floor, proxy()]) {
    const gateway = await contender.start(world);
    running.push(gateway);
    players.push({ gateway, contender });
  }
  const run = describeRun({});
  console.log(`${run.machine}, ${run.pinned}, ${run.versions["commit"]}`);
  for (const scenario of scenarios) {
    console.log(`\n${scenario.name}: ${scenario.title}`);
    const result = { ...scenario, ...(await playRounds(scenario, players, { rounds: Number(values.rounds), world })) };
    results.push(result);
    console.log(gateways(result));
  }
  console.log(`\n${targets(results)}`);
} finally {
  for (const { stop } of running) await stop();
  rmSync(directory, { recursive: true });
}

const missed = results.some((result) => result.targets.some((target) => holds(result, target) === false));
const failed = results.some(({ failures }) => Object.keys(failures).length > 0);
if (values.check && (missed || failed)) process.exitCode = 1;
