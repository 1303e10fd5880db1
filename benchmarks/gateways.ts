import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Ask, type HttpRequest, toOllama, toOpenAi } from "./ask.ts";
import { MODELS } from "./models.ts";
import { GATEWAY_CPU, node, OTHERS_CPU, type Running, start } from "./processes.ts";

/** Something that stands between a client and the upstream. */
export interface Gateway extends Running {
  readonly name: string;
  toRequest(ask: Ask): HttpRequest;
}

/** How one is started; a peer may have to be installed before. */
export interface Contender {
  readonly name: string;
  start(world: World): Promise<Gateway>;
}

export interface World {
  readonly upstream: Running;
  /** For files that a gateway needs, gone afterwards. */
  readonly directory: string;
}

const KEY = "sk-benchmark";

export function startUpstream(): Promise<Running> {
  return start(OTHERS_CPU, node(here("upstream.ts")));
}

/** Nothing in between: what the upstream itself takes. */
export const direct: Contender = {
  name: "direct",
  start: async ({ upstream }) => ({ ...upstream, name: "direct", toRequest: toOllama, stop: async () => {} }),
};

export const floor: Contender = {
  name: "floor",
  async start({ upstream }) {
    return { ...(await start(GATEWAY_CPU, node(here("floor.ts"), upstream.url))), name: "floor", toRequest: toOllama };
  },
};

export interface ProxyOptions {
  readonly name?: string | undefined;
  /** Besides the list of models and the key. */
  readonly config?: Readonly<Record<string, object>> | undefined;
  readonly flags?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Options of Node itself. */
  readonly nodeFlags?: readonly string[] | undefined;
  /** Deployments of each model, all on the stand-in. Default: 1. */
  readonly hosts?: number | undefined;
  /** Models beside the stand-in's. */
  readonly moreModels?: number | undefined;
}

/** The proxy as people run it: its built entry, a config, a master key, usage asked for. */
export function proxy(options: ProxyOptions = {}): Contender {
  const { name = "us", config = {}, flags = [], env, nodeFlags = [], hosts = 1, moreModels = 0 } = options;
  return {
    name,
    async start({ upstream, directory }) {
      const more = Array.from({ length: moreModels }, (_, index) => `model-${index}`);
      const model_list = [...Object.keys(MODELS), ...more].flatMap((model) =>
        // Two of the same are one, unless something tells them apart.
        Array.from({ length: hosts }, (_, host) => ({
          model_name: model,
          litellm_params: { model: `ollama_chat/${model}`, api_base: `${upstream.url}${"/".repeat(host)}` },
        })),
      );
      const file = join(directory, name.replaceAll(" ", "-"));
      // JSON is YAML.
      writeFileSync(`${file}.yaml`, JSON.stringify({ model_list, general_settings: { master_key: KEY }, ...config }));
      const main = here("../apps/proxy/dist/main.js");
      const args = ["--config", `${file}.yaml`, "--host", "127.0.0.1", "--port", "0", ...flags];
      const running = await start(GATEWAY_CPU, { ...node(...nodeFlags, main, ...args), env, log: `${file}.log` });
      return { ...running, name, toRequest: (ask) => withKey(toOpenAi(ask)) };
    },
  };
}

function withKey(request: HttpRequest): HttpRequest {
  return { ...request, headers: { authorization: `Bearer ${KEY}` } };
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
