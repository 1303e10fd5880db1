import { type Contender, proxy } from "./gateways.ts";
import { MODELS } from "./models.ts";

/** The proxy as it is, and with one thing changed: no feature costs silently. */
export const FEATURES: readonly Contender[] = [
  proxy(),
  proxy({ name: "no key", config: { general_settings: {} } }),
  proxy({ name: "only errors logged", env: { LITELLM_LOG: "ERROR" } }),
  proxy({ name: "--debug", flags: ["--debug"] }),
  proxy({ name: "--detailed_debug", flags: ["--detailed_debug"] }),
  proxy({ name: "two hosts, least-busy", hosts: 2, config: { router_settings: { routing_strategy: "least-busy" } } }),
  proxy({ name: "1,000 models", moreModels: 1000 - Object.keys(MODELS).length }),
  scraped(proxy({ name: "metrics read each second" })),
];

/** What shows it best: a request's share, a token's share. */
export const FEATURE_SCENARIOS: readonly string[] = ["burst", "pace", "whole-32"];

const SCRAPE_MS = 1000;

/** Metrics cannot be switched off; what can be seen is what reading them costs. */
function scraped(contender: Contender): Contender {
  return {
    ...contender,
    async start(world) {
      const gateway = await contender.start(world);
      const { headers } = gateway.toRequest({ kind: "chat", model: "burst-20", stream: false });
      const read = async (): Promise<void> => {
        const response = await fetch(`${gateway.url}/metrics`, { headers: { ...headers } });
        if (!response.ok) throw new Error(`/metrics answers ${response.status}.`);
        await response.text();
      };
      await read();
      const timer = setInterval(read, SCRAPE_MS);
      return {
        ...gateway,
        stop() {
          clearInterval(timer);
          return gateway.stop();
        },
      };
    },
  };
}
