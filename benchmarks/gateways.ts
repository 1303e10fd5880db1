import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { LINES } from "./answer.ts";
import type { Target } from "./load.ts";
import { GATEWAY_CPU, OTHERS_CPU, type Running, start } from "./processes.ts";

/** Something that stands between a client and the upstream. */
export interface Gateway extends Running {
  /** How it is asked for a stream, by the stand-in's model. */
  target(model: string): Target;
}

const KEY = "sk-benchmark";
const messages = [{ role: "user", content: "Why is the sky blue?" }];

export function startUpstream(): Promise<Running> {
  return start(OTHERS_CPU, [here("upstream.ts")]);
}

export async function startFloor(upstream: Running): Promise<Gateway> {
  const running = await start(GATEWAY_CPU, [here("floor.ts"), upstream.url]);
  return {
    ...running,
    target: (model) => ({
      url: running.url,
      path: "/api/chat",
      body: { model, messages, stream: true },
      // The final line is an event too.
      lineFeeds: LINES + 1,
    }),
  };
}

export interface ProxyOptions {
  readonly models: readonly string[];
  /** Where to write its config. */
  readonly config: string;
}

/** The proxy as people run it: its built entry, a config, a master key, usage asked for. */
export async function startProxy(upstream: Running, { models, config }: ProxyOptions): Promise<Gateway> {
  const entries = models.map((model) => ({
    model_name: model,
    litellm_params: { model: `ollama_chat/${model}`, api_base: upstream.url },
  }));
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ model_list: entries, general_settings: { master_key: KEY } }));
  const main = here("../apps/proxy/dist/main.js");
  const running = await start(GATEWAY_CPU, [main, "--config", config, "--host", "127.0.0.1", "--port", "0"]);
  return {
    ...running,
    target: (model) => ({
      url: running.url,
      path: "/v1/chat/completions",
      headers: { authorization: `Bearer ${KEY}` },
      body: { model, messages, stream: true, stream_options: { include_usage: true } },
      // Besides the lines: the role, the finish reason, the usage, the end mark.
      lineFeeds: 2 * (LINES + 4),
    }),
  };
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
