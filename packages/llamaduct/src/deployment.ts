import type { JsonObject, ModelFacts, ProviderSettings } from "@llamaduct/core";
import type { DeploymentRouting } from "@llamaduct/router";

/** Each: any, or what matches the whole of an expression's source. */
export interface ClientConnection {
  readonly apiBase?: true | string | undefined;
  readonly apiKey?: true | string | undefined;
}

/** One model that clients may ask for, and who answers: an entry of LiteLLM's `model_list`. */
export interface Deployment {
  /** A request may ask for it as its model. Default: made from everything else that is said here. */
  readonly id?: string | undefined;
  /** What clients ask for. One `*` stands for any text. Equal names form a group. */
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
  /** A streamed answer must have begun within this. */
  readonly streamTimeoutMs?: number | undefined;
  readonly routing?: DeploymentRouting | undefined;
  /** What a request may say of where it goes; nothing unless it is named here. */
  readonly clientConnection?: ClientConnection | undefined;
  /** A group that gets a copy of every request; its answer is thrown away. */
  readonly silentModel?: string | undefined;
  /** Answers with this text in place of the model. */
  readonly mockResponse?: string | undefined;
  /** OpenAI fields that are always left out. */
  readonly dropParams?: readonly string[] | undefined;
  /** What listings tell beside what is known of the model. */
  readonly info?: JsonObject | undefined;
}

/** A deployment that a requested name led to, with the model filled in. */
export interface Target {
  readonly deployment: Deployment;
  readonly providerId: string;
  readonly modelId: string;
}
