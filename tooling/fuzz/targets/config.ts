import { match, ok } from "node:assert";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { StartError } from "../../../apps/proxy/src/cli/start-error.ts";
import { formatReport } from "../../../apps/proxy/src/config/format-report.ts";
import { loadConfig } from "../../../apps/proxy/src/config/load-config.ts";
import { corpus } from "../corpus.ts";
import { mutated } from "../mutated.ts";
import type { Target } from "../target.ts";

const configs = fileURLToPath(new URL("../../../apps/proxy/test/configs", import.meta.url));
const samples = readdirSync(configs)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => readFileSync(join(configs, name)));
const WORDS = [
  "model_list:\n",
  "- model_name: a\n",
  "  litellm_params: { model: ollama_chat/b }\n",
  "general_settings:\n",
  "router_settings:\n",
  "litellm_settings:\n",
  "os.environ/A",
  "&a ",
  "*a",
  "<<: *a\n",
  "!!binary ",
  "!!python/object:os.system ",
  "- ",
  ": ",
  "? ",
  "|\n",
  "---\n",
  "%YAML 1.2\n",
  "  ",
  "\t",
  "{",
  "[",
  "#",
  "yes",
  "0x10",
  ".inf",
  "*",
];

const folder = mkdtempSync(join(tmpdir(), "llamaduct-fuzz-config-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

/** Files of users: each is served, or refused in words that say where. */
export const config: Target = {
  name: "config",
  quick: 500,
  // The operator's own: it is to be understood, not to be endured at any size.
  inputs: mutated([...samples, ...corpus("config").map(({ bytes }) => bytes)], WORDS, 8 * 1024),
  async check(input) {
    const path = join(folder, "config.yaml");
    writeFileSync(path, input);
    try {
      const { report } = await loadConfig({ path, environment: { PATH: "/bin" } });
      ok(!/\bundefined\b|\[object /.test(formatReport(report)));
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      for (const line of error.message.split("\n")) match(line, /config\.yaml|^ /);
    }
  },
};
