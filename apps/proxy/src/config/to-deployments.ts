import type { Registry } from "@llamaduct/core";
import { type Deployment, environmentSettings } from "llamaduct";
import type { Environment } from "./fill-environment.ts";
import { missingProvider } from "./missing-provider.ts";
import type { YamlPath } from "./parse-yaml.ts";
import { asChanged, asIgnored } from "./schema/config-key.ts";
import type { Config, CredentialEntry } from "./schema/config-schema.ts";
import type { LitellmParams, ModelEntry, ModelInfoEntry } from "./schema/model-list-schema.ts";
import { toDeployment, toReference } from "./to-deployment.ts";
import type { KeyFinding } from "./to-findings.ts";
import { toHostDeployments } from "./to-host-deployments.ts";
import { whyRefused } from "./why-refused.ts";

export interface ConvertedModels {
  readonly deployments: readonly Deployment[];
  /** Some of them are at `missingProvider`. */
  readonly isIncomplete: boolean;
  /** What became of whole entries. Of one that is left out, nothing else need be said. */
  readonly findings: readonly KeyFinding[];
  readonly leftOut: readonly number[];
  readonly faults: readonly Fault[];
}

/** What a file cannot be served with. */
export interface Fault {
  readonly keys: YamlPath;
  /** Goes on from the key: `must be …`. */
  readonly message: string;
}

export interface ModelsContext {
  readonly registry: Registry;
  readonly environment: Environment;
}

/**
 * LiteLLM's `model_list` and our `hosts` as deployments. An entry of a provider that is not installed is left out, the rest
 * serves; a name that then has no entry is kept, to say so when it is called.
 */
export function toDeployments(config: Config, context: ModelsContext): ConvertedModels {
  const entries = (config.model_list ?? []).map((entry, index) => readEntry(entry, index, { ...context, config }));
  const hosts = toHostDeployments(config.llamaduct?.hosts ?? [], context.registry);
  const served = [...entries.flatMap(({ deployments = [] }) => deployments), ...hosts.deployments];
  const names = new Set(served.map(({ name }) => name));
  const missing = entries.flatMap((entry) => entry.missing ?? []);
  const unserved = missing.filter(({ name }) => !names.has(name));
  return {
    deployments: [
      ...served,
      ...unserved.map(({ name, model }) => ({ name, model: `${missingProvider.id}/${model}`, unlisted: true })),
    ],
    isIncomplete: unserved.length > 0,
    findings: [
      ...entries.flatMap(({ findings = [] }) => findings),
      ...missing.map(({ keys, name, model, reason = whyMissing(model, context.registry.ids) }) => {
        const instead = names.has(name) ? "Other entries of that name answer." : "Calling it is an error.";
        return toSkipped(keys, name, `${reason} ${instead}`);
      }),
    ],
    leftOut: [...entries.keys()].filter((index) => entries[index]?.deployments === undefined),
    faults: [
      ...findRepeatedIds(config.model_list ?? []),
      ...entries.flatMap(({ fault }) => fault ?? []),
      ...hosts.faults,
    ],
  };
}

/** Without deployments the entry is left out. */
interface ReadEntry {
  readonly deployments?: readonly Deployment[];
  readonly missing?: Missing;
  readonly findings?: readonly KeyFinding[];
  readonly fault?: Fault;
}

/** An entry whose provider is not installed, or cannot be reached. */
interface Missing extends Pick<Fault, "keys"> {
  readonly name: string;
  readonly model: string;
  /** Default: what the name says of that. */
  readonly reason?: string;
}

interface EntryContext extends ModelsContext {
  readonly config: Config;
}

function readEntry(entry: ModelEntry, index: number, { config, registry, environment }: EntryContext): ReadEntry {
  const { model_name: name, model_info: info } = entry;
  const at = (...keys: YamlPath): YamlPath => ["model_list", index, ...keys];
  const reason = whyNotServed(info, environment);
  if (reason !== undefined) return { findings: [toSkipped(at("model_info"), name, reason)] };
  const params = toParams(entry, config);
  const [model, keys] = [toReference(params), at("litellm_params", "model")];
  const isAnyProvider = model === "*" && name.includes("*");
  if (!isAnyProvider && registry.split(model) === undefined) return { missing: { keys, name, model } };
  const made = toEach(toDeployment({ ...entry, litellm_params: params }, config, environment), params.organization);
  const known = environmentSettings(environment);
  const refusal = whyRefused(made[0], registry, known);
  // A key that is not there today is no mistake in the file.
  if (refusal !== undefined && made[0]?.settings?.baseURL === undefined)
    return { missing: { keys, name, model, reason: `it ${refusal}.` } };
  return {
    deployments: isAnyProvider
      ? made
          .flatMap((each) => toEveryProvider(each, registry.ids))
          .filter((each) => whyRefused(each, registry, known) === undefined)
      : made,
    findings: [
      ...(isAnyProvider
        ? [{ keys, ...asChanged(`A name that begins with no provider is answered by ${registry.ids[0]}.`) }]
        : []),
      ...(hasCredential(params, config)
        ? []
        : [
            {
              keys: at("litellm_params", "litellm_credential_name"),
              ...asIgnored("credential_list has none of that name."),
            },
          ]),
    ],
    ...(refusal !== undefined && { fault: { keys: at("litellm_params", "api_base"), message: refusal } }),
  };
}

function findRepeatedIds(entries: readonly ModelEntry[]): readonly Fault[] {
  const ids = entries.map(({ model_info: info }) => info?.id);
  return ids.flatMap((id, index) =>
    id !== undefined && ids.indexOf(id) < index
      ? [{ keys: ["model_list", index, "model_info", "id"], message: `is another entry's too: "${id}"` }]
      : [],
  );
}

function toSkipped(keys: YamlPath, name: string, reason: string): KeyFinding {
  return { keys, ...asIgnored(`"${name}" is skipped: ${reason}`) };
}

function whyNotServed(info: ModelInfoEntry | undefined, environment: Environment): string | undefined {
  if (info?.blocked === true) return "it is blocked.";
  const here = environment["LITELLM_ENVIRONMENT"] || undefined;
  if (info?.supported_environments === undefined || info.supported_environments.includes(here ?? "")) return undefined;
  return here === undefined ? "LITELLM_ENVIRONMENT is not set." : `LITELLM_ENVIRONMENT is ${here}.`;
}

function whyMissing(model: string, ids: readonly string[]): string {
  if (!model.includes("/")) return `"${model}" names no provider, as ${ids[0]}/${model} would.`;
  return `the provider of "${model}" is not installed; a package under providers would serve it.`;
}

/** With what stands under all entries, and under those that name a credential. */
function toParams({ litellm_params: own }: ModelEntry, config: Config): LitellmParams {
  const credential = findCredential(own, config);
  return { ...config.router_settings?.default_litellm_params, ...credential?.credential_values, ...own };
}

function hasCredential(params: LitellmParams, config: Config): boolean {
  return params.litellm_credential_name === undefined || findCredential(params, config) !== undefined;
}

function findCredential({ litellm_credential_name: name }: LitellmParams, config: Config): CredentialEntry | undefined {
  return config.credential_list?.find(({ credential_name }) => credential_name === name);
}

/** One deployment per organization, as LiteLLM makes them. */
function toEach(deployment: Deployment, organization: LitellmParams["organization"]): readonly Deployment[] {
  if (organization === undefined) return [deployment];
  return [organization].flat().map((each, index) => ({
    ...deployment,
    ...(deployment.id !== undefined && index > 0 && { id: `${deployment.id}-${index + 1}` }),
    settings: { ...deployment.settings, headers: { "openai-organization": each, ...deployment.settings?.headers } },
  }));
}

/** `*` → `*`: any other name goes to the first provider, and `provider/model` to that provider. */
function toEveryProvider(deployment: Deployment, ids: readonly string[]): readonly Deployment[] {
  const { id: _, ...rest } = deployment;
  const prefixed = ids.map((provider) => ({
    ...rest,
    name: deployment.name.replace("*", `${provider}/*`),
    model: `${provider}/*`,
    unlisted: true,
  }));
  return [{ ...deployment, model: `${ids[0]}/*` }, ...prefixed];
}
