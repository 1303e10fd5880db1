import type { ProviderSettings, Registry } from "@llamaduct/core";
import type { Deployment } from "llamaduct";
import type { HostEntry, LlamaductSettings } from "./schema/llamaduct-schema.ts";
import type { Fault } from "./to-deployments.ts";
import { withoutUndefined } from "./to-routing.ts";
import { whyRefused } from "./why-refused.ts";

export interface ConvertedHosts {
  readonly deployments: readonly Deployment[];
  readonly faults: readonly Fault[];
}

/** Every model that each of them has, as `llama3`, `ollama_chat/llama3` and `ollama/llama3`. */
export function toHostDeployments(hosts: NonNullable<LlamaductSettings["hosts"]>, registry: Registry): ConvertedHosts {
  const made = hosts.map(toDeployments);
  const names = made.map(([first]) => first?.id);
  const faults = made.flatMap(([first], index): readonly Fault[] => {
    const keys = ["llamaduct", "hosts", index];
    const refusal = whyRefused(first, registry);
    if (refusal !== undefined) return [{ keys, message: refusal }];
    return names.indexOf(first?.id) < index ? [{ keys, message: `has the name of another: "${first?.id}"` }] : [];
  });
  return { deployments: made.flat(), faults };
}

function toDeployments(entry: string | HostEntry): readonly Deployment[] {
  const host: HostEntry = typeof entry === "string" ? { url: entry } : entry;
  const { name = toName(host.url), weight, max_parallel_requests: maxParallelRequests } = host;
  const settings = withoutUndefined<ProviderSettings>({ baseURL: host.url, apiKey: host.api_key });
  // Whatever a request calls its model, the host's slots are the same.
  const shared = { settings, routing: withoutUndefined({ weight, maxParallelRequests, pool: name }) };
  return [
    { id: name, name: "*", model: "ollama_chat/*", ...shared },
    { id: `${name}/ollama_chat`, name: "ollama_chat/*", model: "ollama_chat/*", unlisted: true, ...shared },
    { id: `${name}/ollama`, name: "ollama/*", model: "ollama/*", unlisted: true, ...shared },
  ];
}

/** `gpu-box:11434` of any form that a host is written in. */
function toName(url: string): string {
  return url
    .replace(/^[a-z]+:\/\//i, "")
    .replace(/^[^/@]*@/, "")
    .replace(/\/.*/s, "");
}
