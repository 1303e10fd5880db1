import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { toOpenAi } from "../ask.ts";
import { MODELS } from "../models.ts";
import type { Peer } from "./peer.ts";

const PROGRAM = find();

/**
 * Ollama's own `/v1`. Its models are the stand-in's, as remote ones: they run elsewhere and their lines go through this
 * server, parsed and written once as Ollama's JSON and once more as OpenAI's. Of a model of its own only the second is done.
 */
export const ollama: Peer = {
  name: "ollama",
  version: PROGRAM && /version is ([\d.]+)|version ([\d.]+)/.exec(said(PROGRAM))?.slice(1).find(Boolean),
  command: ({ port, directory, upstream }) => ({
    program: PROGRAM ?? "ollama",
    args: ["serve"],
    env: {
      OLLAMA_HOST: `127.0.0.1:${port}`,
      OLLAMA_MODELS: join(directory, "ollama-models"),
      OLLAMA_REMOTES: new URL(upstream).hostname,
    },
  }),
  async prepare(url, upstream) {
    for (const model of Object.keys(MODELS)) {
      const body = JSON.stringify({ model, from: model, remote_host: upstream });
      const response = await fetch(`${url}/api/create`, { method: "POST", body });
      if (!(await response.text()).includes('"success"')) throw new Error(`${model} could not be made.`);
    }
  },
  toRequest: toOpenAi,
};

/** On the path, or as the live tests have built it. */
function find(): string | undefined {
  const built = join(process.env["LIVE_CACHE"] ?? join(homedir(), ".cache/llamaduct-live"), "ollama-0.33.0/bin/ollama");
  return ["ollama", built].find((program) => (program === built ? existsSync(built) : said(program) !== ""));
}

function said(program: string): string {
  try {
    return execFileSync(program, ["--version"], { stdio: ["ignore", "pipe", "pipe"] }).toString();
  } catch {
    return "";
  }
}
