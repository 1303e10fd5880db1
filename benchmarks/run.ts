// node run.ts [--check] [--rounds N]: the proxy beside the floor, as README.md explains. The proxy must be built.
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startFloor, startProxy, startUpstream } from "./gateways.ts";
import { measure, type Scenario, TOO_FOREIGN } from "./measure.ts";
import { canPin, GATEWAY_CPU, OTHERS_CPU, pinSelf, type Running } from "./processes.ts";
import { foreignShare, medianRatio, toTable } from "./to-table.ts";

const SCENARIOS: readonly Scenario[] = [
  { model: "burst-500", times: 12, atLeast: 0.55 },
  { model: "line-500", times: 4, atLeast: 0.9 },
];

const { values } = parseArgs({
  options: { check: { type: "boolean", default: false }, rounds: { type: "string", default: "7" } },
});

pinSelf(OTHERS_CPU);
const pinned = canPin() ? `gateway on CPU ${GATEWAY_CPU}, all else on CPU ${OTHERS_CPU}` : "not pinned: rough figures";
console.log(
  `${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}, ${pinned}, ${values.rounds} rounds\n`,
);

const directory = mkdtempSync(join(tmpdir(), "llamaduct-bench-"));
const running: Running[] = [];
try {
  const models = SCENARIOS.map(({ model }) => model);
  const upstream = started(await startUpstream());
  const floor = started(await startFloor(upstream));
  const us = started(await startProxy(upstream, { models, config: join(directory, "config.yaml") }));
  const results = [];
  for (const scenario of SCENARIOS)
    results.push({ scenario, rounds: await measure(scenario, { floor, us }, Number(values.rounds)) });
  console.log(toTable(results));
  const foreign = foreignShare(results.flatMap(({ rounds }) => rounds));
  if (foreign > TOO_FOREIGN)
    console.log(
      `\nOther programs used ${Math.round(foreign * 100)}% of the gateway's CPU: run it again on a quieter machine.`,
    );
  for (const { scenario, rounds } of results) {
    const ratio = medianRatio(rounds);
    if (ratio >= scenario.atLeast) continue;
    console.log(`\n${scenario.model}: the ratio is ${ratio.toFixed(3)}, under ${scenario.atLeast}.`);
    if (values.check) process.exitCode = 1;
  }
} finally {
  for (const { stop } of running) stop();
  rmSync(directory, { recursive: true });
}

function started<Process extends Running>(one: Process): Process {
  running.push(one);
  return one;
}
