import type { JsonObject } from "@llamaduct/core";
import { DEFAULT_PROVIDERS, type Deployment } from "llamaduct";
import type { ProxyConfig } from "../config/proxy-config.ts";
import type { CommandLine } from "./command-line.ts";
import { toFlag } from "./flags.ts";
import { StartError } from "./start-error.ts";

/**
 * The configuration with the one model of `--model` in it, which then answers whatever a request asks for, as LiteLLM
 * does it. Throws a `StartError` for headers that are none, and for flags that say something of a model nobody named.
 */
export function withModel(config: ProxyConfig, options: CommandLine): ProxyConfig {
  const { model, alias } = options;
  if (model === undefined) {
    const homeless = ABOUT_THE_MODEL.find((name) => options[name] !== undefined);
    if (homeless === undefined) return servesAnything(config) ? keylessElsewhere(config) : config;
    throw new StartError(`${toFlag(homeless)} says something of a model: name it with --model, or use a config.`);
  }
  const { engine, server, report } = config;
  const [first, ...others] = (engine.providers ?? DEFAULT_PROVIDERS).map(({ id }) => `${id}/`);
  const isBare = ![first, ...others].some((prefix) => prefix !== undefined && model.startsWith(prefix));
  const deployment = toDeployment(alias ?? model, isBare ? `${first}${model}` : model, options);
  return {
    engine: { ...engine, deployments: [...(engine.deployments ?? []), deployment] },
    server: { ...server, completionModel: deployment.name, embeddingModel: deployment.name },
    report,
  };
}

function servesAnything({ engine }: ProxyConfig): boolean {
  return engine.deployments === undefined && engine.settings?.["openai"] !== undefined;
}

/** Nobody has listed `openai/…`: clients are not to spend the owner's key for it. */
function keylessElsewhere({ engine, ...config }: ProxyConfig): ProxyConfig {
  const { openai: _, ...settings } = engine.settings ?? {};
  return { ...config, engine: { ...engine, settings } };
}

const ABOUT_THE_MODEL = ["alias", "apiBase", "headers", "temperature", "maxTokens", "requestTimeout"] as const;

function toDeployment(name: string, model: string, options: CommandLine): Deployment {
  const { apiBase, headers, temperature, maxTokens, requestTimeout } = options;
  const defaults: JsonObject = {
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
  };
  return {
    name,
    model,
    settings: {
      ...(apiBase !== undefined && { baseURL: apiBase }),
      ...(headers !== undefined && { headers: toHeaders(headers) }),
    },
    defaults,
    ...(requestTimeout && { timeoutMs: requestTimeout * 1000 }),
  };
}

function toHeaders(text: string): Record<string, string> {
  const wrong = new StartError(`--headers must be JSON of names and texts, such as '{"x-team": "a"}'.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong;
  const entries = Object.entries(value);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === "string")) throw wrong;
  return Object.fromEntries(entries);
}
