// The same requests through LiteLLM and Llamaduct, on the same config.yaml and the same real Ollama. Writes
// docs/litellm-comparison.md. LiteLLM comes from PyPI, into a virtual environment that is kept.
//
//   OLLAMA_HOST=http://127.0.0.1:11434 node tooling/compare-litellm/run.ts

import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createModels } from "../live/create-models.ts";
import { root } from "../workspace.ts";
import { type Gateway, type StartOptions, startGateway } from "./gateway.ts";
import { startRelay } from "./relay.ts";
import { type Scenario, scenarios } from "./scenarios.ts";

const { OLLAMA_HOST: ollama, LITELLM_VENV: venv = join(tmpdir(), "llamaduct-litellm") } = process.env;
if (!ollama) throw new Error("Set OLLAMA_HOST to the URL of an Ollama server; scripted models are made on it.");
const config = fileURLToPath(new URL("config.yaml", import.meta.url));

installLitellm(venv);
await createModels(ollama);
const versions = {
  ollama: ((await (await fetch(`${ollama}/api/version`)).json()) as { version: string }).version,
  litellm: execFileSync(join(venv, "bin/python"), ["-c", "import importlib.metadata as m; print(m.version('litellm'))"])
    .toString()
    .trim(),
  llamaduct: execFileSync("git", ["-C", root, "rev-parse", "--short", "HEAD"]).toString().trim(),
};
const theirs = await results({
  command: [join(venv, "bin/litellm"), "--config", config, "--host", "127.0.0.1", "--port", "4191"],
  port: 4191,
});
const ours = await results({
  command: ["node", join(root, "apps/proxy/dist/main.js"), "--config", config, "--host", "127.0.0.1", "--port", "4192"],
  port: 4192,
});
writeFileSync(join(root, "docs/litellm-comparison.md"), toPage());
const missing = scenarios.filter((scenario) => ours.get(scenario) !== undefined);
for (const scenario of missing) console.error(`missing: ${scenario.area}: ${scenario.expects}: ${ours.get(scenario)}`);
console.log(`docs/litellm-comparison.md: ${scenarios.length} expectations, ${missing.length} not met by Llamaduct.`);

/** What is wrong per scenario; `undefined` when nothing is. */
type Results = ReadonlyMap<Scenario, string | undefined>;

async function results(options: Omit<StartOptions, "relay">): Promise<Results> {
  const relay = await startRelay(ollama ?? "");
  const { gateway, stop } = await startGateway({ ...options, relay });
  try {
    const found = new Map<Scenario, string | undefined>();
    for (const scenario of scenarios) found.set(scenario, await problemOf(scenario, gateway));
    return found;
  } finally {
    await stop();
    relay.close();
  }
}

async function problemOf({ run }: Scenario, gateway: Gateway): Promise<string | undefined> {
  try {
    await run(gateway);
    return undefined;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return text.replace(/\s+/g, " ").replaceAll("|", "\\|").slice(0, 140);
  }
}

function toPage(): string {
  const verdict = (scenario: Scenario) => {
    const [them, us] = [theirs.get(scenario), ours.get(scenario)];
    if (us === undefined) return them === undefined ? "same" : "**better**";
    return them === undefined ? "**missing**" : "neither";
  };
  const rows = scenarios.map((scenario) => {
    const { area, expects } = scenario;
    return `| ${area} | ${expects} | ${verdict(scenario)} | ${theirs.get(scenario) ?? "✓"} | ${ours.get(scenario) ?? "✓"} |`;
  });
  const count = (word: string) => scenarios.filter((scenario) => verdict(scenario).includes(word)).length;
  return `# The same requests through LiteLLM and Llamaduct

Made by \`tooling/compare-litellm/run.ts\` on ${new Date().toISOString().slice(0, 10)}: LiteLLM ${versions.litellm} (PyPI), Llamaduct at ${versions.llamaduct}, Ollama
${versions.ollama}, one [config.yaml](../tooling/compare-litellm/config.yaml) for both. ${count("same")} the same, ${count("better")} better, ${count("missing")} missing, ${count("neither")} met by neither.
A cell with words says what was seen where the expectation was not met.

| area | what a client expects | verdict | LiteLLM | Llamaduct |
|---|---|---|---|---|
${rows.join("\n")}
`;
}

function installLitellm(folder: string): void {
  if (existsSync(join(folder, "bin/litellm"))) return;
  execFileSync("python3", ["-m", "venv", folder], { stdio: "inherit" });
  execFileSync(join(folder, "bin/pip"), ["install", "--quiet", "litellm[proxy]"], { stdio: "inherit" });
}
