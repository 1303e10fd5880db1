import { formatReport } from "../config/format-report.ts";
import { defaultConfig, loadConfig } from "../config/load-config.ts";
import type { ConfigReport, ProxyConfig } from "../config/proxy-config.ts";
import { withAnyKey } from "../serve/generated-key.ts";
import type { CommandLine } from "./command-line.ts";
import { withModel } from "./model-config.ts";

/** What the file, the environment and the command line come to. Throws a `StartError` for what cannot be served. */
export async function readSettings(
  options: CommandLine,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ProxyConfig> {
  const { config: path, imageUrls, limitConcurrency } = options;
  const file = path === undefined ? defaultConfig(environment) : await loadConfig({ path, environment });
  const { engine, server, report } = withModel(file, options);
  const origins = environment["LITELLM_CORS_ORIGINS"] || undefined;
  return {
    engine: { ...engine, ...(imageUrls && { images: { ...engine.images, remote: engine.images?.remote ?? {} } }) },
    server: {
      ...withAnyKey(server, environment),
      ...(limitConcurrency !== undefined && { globalMaxParallelRequests: limitConcurrency }),
      ...(origins !== undefined && { corsOrigins: origins.split(",").map((origin) => origin.trim()) }),
    },
    report,
  };
}

/** What a config asks for and gets in another way, or not at all: a line each. */
export function shortcomings({ findings }: ConfigReport): string {
  return formatReport({ findings: findings.filter(({ kind }) => kind !== "honoured") });
}
