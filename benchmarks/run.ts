// The proxy beside others, as README.md explains. It must be built.
// node run.ts [--peers | --features | --profile] [--only NAME,…] [--rounds N] [--check] [--save NAME]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FEATURE_SCENARIOS, FEATURES } from "./features.ts";
import { type Contender, direct, floor, proxy, startUpstream } from "./gateways.ts";
import { toContender } from "./peers/peer.ts";
import { PEERS } from "./peers/peers.ts";
import { type Player, playRounds } from "./play-rounds.ts";
import { OTHERS_CPU, pinSelf, type Running } from "./processes.ts";
import { profiled, profileTable, readProfile } from "./profile.ts";
import { describeRun, holds, type ScenarioResult } from "./results.ts";
import { saveResults } from "./save-results.ts";
import { SCENARIOS } from "./scenarios.ts";
import { gateways, targets } from "./to-markdown.ts";

const { values } = parseArgs({
  options: {
    peers: { type: "boolean", default: false },
    features: { type: "boolean", default: false },
    profile: { type: "boolean", default: false },
    only: { type: "string" },
    rounds: { type: "string", default: "5" },
    check: { type: "boolean", default: false },
    save: { type: "string" },
  },
});
const names = values.only?.split(",") ?? (values.features ? FEATURE_SCENARIOS : SCENARIOS.map(({ name }) => name));
for (const name of names)
  if (!SCENARIOS.some((scenario) => scenario.name === name)) throw new Error(`There is no scenario ${name}.`);
const scenarios = SCENARIOS.filter(({ name }) => names.includes(name));

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
pinSelf(OTHERS_CPU);
const directory = mkdtempSync(join(tmpdir(), "llamaduct-bench-"));
const profile = join(directory, "cpu.cpuprofile");
const running: Running[] = [];
const results: ScenarioResult[] = [];
try {
  const upstream = await startUpstream();
  running.push(upstream);
  const world = { upstream, directory };
  const players: Player[] = [];
  const absent: Record<string, string> = {};
  for (const contender of contenders()) {
    try {
      const gateway = await contender.start(world);
      running.push(gateway);
      players.push({ gateway, contender });
    } catch (error) {
      absent[contender.name] = String(error);
    }
  }
  const versions = values.peers ? Object.fromEntries(PEERS.map(({ name, version }) => [name, version ?? "none"])) : {};
  const run = describeRun(versions);
  console.log(`${run.machine}, ${run.pinned}, ${run.versions["commit"]}`);
  for (const [name, why] of Object.entries(absent)) console.log(`${name} is not there: ${why}`);
  for (const scenario of scenarios) {
    console.log(`\n${scenario.name}: ${scenario.title}`);
    const onWarm = (): void => {
      for (const { gateway } of players)
        if (values.profile && gateway.name === "us") process.kill(gateway.pid, "SIGUSR2");
    };
    const played = await playRounds(scenario, players, { rounds: Number(values.rounds), world, onWarm });
    // What was asked is 20 MB in some.
    const { ask: _, ...told } = scenario;
    const result = { ...told, ...played, failures: { ...absent, ...played.failures } };
    results.push(result);
    console.log(gateways(result));
    for (const [name, why] of Object.entries(played.failures)) console.log(`${name} could not: ${why}`);
  }
  console.log(`\n${targets(results)}`);
  if (values.save !== undefined) saveResults(values.save, { ...run, scenarios: results });
} finally {
  for (const { stop } of running) await stop();
  if (values.profile) console.log(`\n${profileTable(readProfile(profile))}`);
  rmSync(directory, { recursive: true });
}

const missed = results.some((result) => result.targets.some((target) => holds(result, target) === false));
const failed = results.some(({ failures }) => "us" in failures);
if (values.check && (missed || failed)) process.exitCode = 1;

function contenders(): readonly Contender[] {
  if (values.features) return FEATURES;
  if (values.profile) return [direct, proxy(profiled(profile))];
  return [direct, floor, proxy(), ...(values.peers ? PEERS.map(toContender) : [])];
}
