import { createRegistry, type ProviderFactory } from "@llamaduct/core";
import { DEFAULT_PROVIDERS, type Deployment, environmentSettings, type LlamaductOptions } from "llamaduct";
import { StartError } from "../cli/start-error.ts";
import { checkGroups } from "./check-groups.ts";
import { type Environment, fillEnvironment, type MissingVariable } from "./fill-environment.ts";
import { loadProviders } from "./load-providers.ts";
import { missingProvider } from "./missing-provider.ts";
import type { Where, YamlPath } from "./parse-yaml.ts";
import type { Finding, ProxyConfig } from "./proxy-config.ts";
import type { ConfigFiles } from "./read-config-files.ts";
import { asChanged, asIgnored } from "./schema/config-key.ts";
import { type Config, configSchema } from "./schema/config-schema.ts";
import { toAliases } from "./to-aliases.ts";
import { type ConvertedModels, type Fault, toDeployments } from "./to-deployments.ts";
import { type KeyFinding, toFindings } from "./to-findings.ts";
import { times } from "./to-limits.ts";
import { toRouting, withoutUndefined } from "./to-routing.ts";
import { checkKeys, toServer } from "./to-server.ts";
import { withLineLimit } from "./with-line-limit.ts";

export interface ConfigContext {
  readonly environment: Environment;
  /** Where provider packages are looked for, in order. */
  readonly folders: readonly string[];
  /** Default: `DEFAULT_PROVIDERS`. */
  readonly providers?: readonly ProviderFactory[] | undefined;
}

/** Fills in variables, checks, loads providers, converts, and says what becomes of each key. Throws a `StartError`. */
export async function toProxyConfig(files: ConfigFiles, context: ConfigContext): Promise<ProxyConfig> {
  const { where } = files;
  const { value, environment, missing } = fillEnvironment(files.value, context.environment);
  const config = check(value, missing, where);
  const { providers, faults } = await loadProviders(config.providers ?? [], {
    known: context.providers ?? DEFAULT_PROVIDERS,
    folders: context.folders,
  });
  const models = toDeployments(config, { registry: createRegistry(providers), environment });
  // A file without models serves what no file at all does.
  const isListed = config.model_list !== undefined || config.llamaduct?.hosts !== undefined;
  const names = isListed ? toNames(config, models.deployments) : ["*"];
  throwFaults([...faults, ...models.faults, ...checkGroups(config, names), ...checkKeys(config)], where);
  const findings = [...toFindings(configSchema, value), ...missing.map(toUnset)];
  return {
    engine: withoutUndefined<LlamaductOptions>({
      providers: models.isIncomplete ? [...providers, missingProvider] : providers,
      ...withLineLimit(
        {
          deployments: isListed ? models.deployments : undefined,
          settings: environmentSettings(environment),
        },
        times(config.llamaduct?.limits?.line_mb, 1024 * 1024),
      ),
      aliases: toAliases(config),
      routing: toRouting(config, environment),
      recoverToolCalls: config.llamaduct?.recover_tool_calls,
      images: config.llamaduct?.image_urls === true ? { remote: {} } : undefined,
      allowApiBase: config.general_settings?.allow_client_side_credentials,
      cloudModels: config.llamaduct?.cloud_models ?? false,
    }),
    server: toServer(config, environment),
    report: {
      findings: [
        ...files.repeated.map((at) => ({
          at,
          ...asChanged("The key stands twice, and as in LiteLLM the last one counts."),
        })),
        ...inOrder(withEntries(findings, models), Object.keys(value)).map(toFinding),
      ],
    },
  };

  function toFinding({ keys, kind, message }: KeyFinding): Finding {
    return { kind, at: where(keys), ...(message !== undefined && { message }) };
  }
}

function check(value: unknown, missing: readonly MissingVariable[], where: Where): Config {
  const parsed = configSchema.safeParse(value);
  const faults = (parsed.error?.issues ?? []).map(({ path, message }): Fault => {
    const unset = missing.find(({ keys }) => isSame(keys, path));
    return { keys: path, message: unset === undefined ? message : notSet(unset) };
  });
  // Without its key a server would be open to everyone: better not to start.
  const masterKey = missing.find(({ keys }) => isSame(keys, ["general_settings", "master_key"]));
  if (masterKey !== undefined) faults.push({ keys: masterKey.keys, message: notSet(masterKey) });
  throwFaults(faults, where);
  // Without an issue there is data.
  return parsed.data as Config;
}

function notSet({ name }: MissingVariable): string {
  return `needs the environment variable ${name}, which is not set`;
}

function toUnset({ keys, name }: MissingVariable): KeyFinding {
  return { keys, ...asIgnored(`The environment variable ${name} is not set.`) };
}

function isSame(one: YamlPath, other: YamlPath): boolean {
  return one.length === other.length && one.every((key, index) => key === other[index]);
}

function throwFaults(faults: readonly Fault[], where: Where): void {
  if (faults.length === 0) return;
  throw new StartError(faults.map(({ keys, message }) => `${where(keys)} ${message}.`).join("\n"));
}

/** Everything that may be asked for. Entries that are left out belong here: they are known, only not served. */
function toNames({ model_list: list = [] }: Config, deployments: readonly Deployment[]): readonly string[] {
  const served = deployments.flatMap(({ name, id, model }) => [name, model, ...(id === undefined ? [] : [id])]);
  return [...list.map(({ model_name }) => model_name), ...served];
}

/** Of an entry that is left out only that is said, and of one key only one thing. */
function withEntries(
  findings: readonly KeyFinding[],
  { leftOut, findings: entries }: ConvertedModels,
): readonly KeyFinding[] {
  const others = findings.filter(
    ({ keys }) =>
      !(keys[0] === "model_list" && leftOut.includes(Number(keys[1]))) &&
      entries.every((entry) => !isSame(entry.keys, keys)),
  );
  return [...others, ...entries];
}

/** As the sections stand in the file, and the items of lists in these. */
function inOrder(findings: readonly KeyFinding[], sections: readonly string[]): readonly KeyFinding[] {
  const section = ({ keys }: KeyFinding) => sections.indexOf(String(keys[0]));
  const item = ({ keys: [, index] }: KeyFinding) => (typeof index === "number" ? index : 0);
  return findings.toSorted((a, b) => section(a) - section(b) || item(a) - item(b));
}
