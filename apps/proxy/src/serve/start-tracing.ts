import { pathToFileURL } from "node:url";
import type { Surroundings } from "../cli/surroundings.ts";
import { locate } from "../config/load-providers.ts";
import { createTracing, type StartTrace } from "../observe/create-tracing.ts";

export interface Tracing {
  readonly start: StartTrace;
  /** Sends what is left. */
  close(): Promise<void>;
}

/**
 * OpenTelemetry, where one of its standard variables says where traces go and its SDK is installed: beside the proxy, or
 * in the folder it runs in. The SDK reads the variables itself. `warn` is told of one that is missing.
 */
export async function startTracing(
  environment: Surroundings["environment"],
  warn: (text: string) => void,
): Promise<Tracing | undefined> {
  const wanted = wantedBy(environment);
  if (wanted === undefined) return undefined;
  const loaded = await loadSdk();
  if (loaded === undefined) {
    warn(`${wanted} is set, and no traces are sent: npm install @opentelemetry/api @opentelemetry/sdk-node`);
    return undefined;
  }
  const { api, NodeSDK } = loaded;
  const sdk = new NodeSDK({
    ...(!isNamed(environment) && { serviceName: "llamaduct" }),
    // Prometheus has the metrics, and nothing is patched.
    ...{ metricReaders: [], logRecordProcessors: [], instrumentations: [] },
  });
  sdk.start();
  return { start: createTracing(api), close: () => sdk.shutdown() };
}

function wantedBy(environment: Surroundings["environment"]): string | undefined {
  const { OTEL_SDK_DISABLED: disabled = "", OTEL_TRACES_EXPORTER: exporter } = environment;
  if (disabled.toLowerCase() === "true" || exporter === "none") return undefined;
  return ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_EXPORTER"].find(
    (name) => (environment[name] ?? "") !== "",
  );
}

function isNamed({
  OTEL_SERVICE_NAME: name = "",
  OTEL_RESOURCE_ATTRIBUTES: attributes = "",
}: Surroundings["environment"]) {
  return name !== "" || /(^|,)\s*service\.name=/.test(attributes);
}

async function loadSdk() {
  try {
    const [api, { NodeSDK }] = await Promise.all([import("@opentelemetry/api"), import("@opentelemetry/sdk-node")]);
    return { api, NodeSDK };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
  }
  const [api, sdk] = ["@opentelemetry/api", "@opentelemetry/sdk-node"].map((name) => locate(name, "."));
  if (api === undefined || sdk === undefined) return undefined;
  // What these names stand for, whichever folder they are in; they are CommonJS there.
  const load = async <Module>(path: string) => (await import(pathToFileURL(path).href)) as { default: Module };
  const { default: loadedApi } = await load<typeof import("@opentelemetry/api")>(api);
  const { NodeSDK } = (await load<typeof import("@opentelemetry/sdk-node")>(sdk)).default;
  return { api: loadedApi, NodeSDK };
}
