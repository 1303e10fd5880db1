import type { JsonObject, ModelFacts, ProviderSettings } from "@llamaduct/core";

/** One model that clients may ask for, and who answers: an entry of LiteLLM's `model_list`. */
export interface Deployment {
  /** What clients ask for. One `*` stands for any text. Equal names form a group, tried in order. */
  readonly name: string;
  /** `provider/model`. A `*` takes what the name's `*` matched, without the prefix of a known provider. */
  readonly model: string;
  /** How to reach it. One that names its own `baseURL` inherits nothing: a key belongs to its host. */
  readonly settings?: ProviderSettings | undefined;
  /** OpenAI's JSON, merged under every request. */
  readonly defaults?: JsonObject | undefined;
  /** The same, over every request: what a client must not change, such as a context size that reloads the model. */
  readonly pinned?: JsonObject | undefined;
  /** The application's word against the host's. */
  readonly facts?: ModelFacts | undefined;
  /** Can be asked for, but is not in listings: another name for what is. */
  readonly unlisted?: boolean | undefined;
  /** The whole answer must be there within this. Default: no limit. */
  readonly timeoutMs?: number | undefined;
}

/** A deployment that a requested name led to, with the model filled in. */
export interface Target {
  readonly deployment: Deployment;
  readonly providerId: string;
  readonly modelId: string;
}
