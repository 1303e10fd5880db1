import { z } from "zod";
import {
  flag,
  honoured,
  number,
  required,
  seconds,
  section,
  text,
  texts,
  timeLimit,
  wholeNumber,
} from "./config-key.ts";
import { type StrategyName, strategy } from "./router-settings-schema.ts";

/** `llamaduct`: what LiteLLM does not have. It ignores the key. */
export interface LlamaductSettings {
  readonly hosts?: readonly (string | HostEntry)[] | undefined;
  readonly keys?: readonly KeyEntry[] | undefined;
  /** Wins over the one in `router_settings`, where LiteLLM would refuse `warm-first`. */
  readonly routing_strategy?: StrategyName | undefined;
  readonly queue?: QueueEntry | undefined;
  readonly limits?: LimitsEntry | undefined;
  readonly overload?: OverloadEntry | undefined;
  /** Seconds. */
  readonly status_interval?: number | undefined;
  readonly image_urls?: boolean | undefined;
  readonly cloud_models?: boolean | undefined;
  readonly recover_tool_calls?: boolean | undefined;
}

/** An Ollama whose models are all served. */
export interface HostEntry {
  readonly url: string;
  readonly name?: string | undefined;
  readonly api_key?: string | undefined;
  readonly max_parallel_requests?: number | undefined;
  readonly weight?: number | undefined;
}

export interface KeyEntry {
  readonly name: string;
  readonly key?: string | undefined;
  readonly sha256?: string | undefined;
  readonly models?: readonly string[] | undefined;
  /** A date, or a date and time, that `Date.parse` reads. */
  readonly expires?: string | undefined;
  readonly rpm?: number | undefined;
  readonly tpm?: number | undefined;
  readonly max_parallel_requests?: number | undefined;
}

export interface QueueEntry {
  readonly length?: number | undefined;
  /** Seconds. */
  readonly deadline?: number | undefined;
}

/** What a request and a connection may cost the proxy. Times are seconds. */
export interface LimitsEntry {
  readonly json_depth?: number | undefined;
  readonly json_elements?: number | undefined;
  readonly messages?: number | undefined;
  readonly tools?: number | undefined;
  readonly schema_depth?: number | undefined;
  readonly schema_values?: number | undefined;
  readonly schema_kb?: number | undefined;
  readonly headers?: number | undefined;
  readonly header_kb?: number | undefined;
  readonly header_time?: number | undefined;
  readonly request_time?: number | undefined;
  readonly idle_time?: number | undefined;
  readonly stall_time?: number | undefined;
  readonly connections?: number | undefined;
  readonly line_mb?: number | undefined;
}

/** From which load on new requests are a 503. */
export interface OverloadEntry {
  /** Seconds. */
  readonly event_loop_delay?: number | undefined;
  readonly memory?: number | undefined;
}

const aboveZero: z.ZodType<number> = number.refine((value) => value > 0, "must be more than 0");
const share: z.ZodType<number> = number.refine((value) => value <= 1, "must be at most 1");

const host: z.ZodType<HostEntry> = section({
  url: required(text, "Its URL."),
  name: honoured(text, "What metrics and listings call it. Default: host and port of the URL."),
  api_key: honoured(text, "Its key."),
  max_parallel_requests: honoured(wholeNumber, "Requests at a time; more of them wait."),
  weight: honoured(number, "Share of the requests."),
});

const key: z.ZodType<KeyEntry> = section({
  name: required(text, "What the log and metrics call it."),
  key: honoured(text, "What the client sends."),
  sha256: honoured(
    z.string("must be a text").regex(/^[0-9a-f]{64}$/i, "must be 64 hexadecimal digits"),
    "In place of key: its SHA-256, as LiteLLM keeps it.",
  ),
  models: honoured(texts, "Models, wildcards or access groups that it may use. Default: all."),
  expires: honoured(
    text.refine((date) => !Number.isNaN(Date.parse(date)), "must be a date, such as 2027-01-31"),
    "When it ends.",
  ),
  rpm: honoured(wholeNumber, "Requests a minute."),
  tpm: honoured(wholeNumber, "Tokens a minute."),
  max_parallel_requests: honoured(wholeNumber, "Requests at a time."),
}).refine(({ key, sha256 }) => (key === undefined) !== (sha256 === undefined), "must have key or sha256, and not both");

export const llamaductSettings: z.ZodType<LlamaductSettings> = section({
  hosts: z
    .array(z.union([required(text, "A host's URL."), host], "must be a URL, or a map with one"), "must be a list")
    .optional(),
  keys: z.array(key, "must be a list").optional(),
  routing_strategy: honoured(strategy, "Wins over router_settings. warm-first: the host that has the model loaded."),
  queue: section({
    length: honoured(wholeNumber, "Requests that may wait per deployment. 0: none."),
    deadline: honoured(seconds, "Seconds that one may wait. Default: 30."),
  }).optional(),
  limits: section({
    json_depth: honoured(wholeNumber, "How deep the JSON of a request may be nested. Default: 64."),
    json_elements: honoured(wholeNumber, "Brackets, texts, commas and colons in it. Default: 200000."),
    messages: honoured(wholeNumber, "Messages in a request. Default: 2048."),
    tools: honoured(wholeNumber, "Tools in a request. Default: 256."),
    schema_depth: honoured(wholeNumber, "How deep the schema of a tool or of the answer may be nested. Default: 56."),
    schema_values: honoured(wholeNumber, "Values in one schema. Default: 20000."),
    schema_kb: honoured(wholeNumber, "Names and texts of one schema, in KiB. Default: 512."),
    headers: honoured(wholeNumber, "Headers of a request. Default: 100."),
    header_kb: honoured(wholeNumber, "Size of all of them, in KiB. Default: 16."),
    header_time: honoured(timeLimit, "Seconds for them to arrive. Default: 15."),
    request_time: honoured(timeLimit, "Seconds for the whole request to arrive. Default: 60."),
    idle_time: honoured(timeLimit, "Seconds that a connection is kept without a request. Default: 75."),
    stall_time: honoured(timeLimit, "Seconds that a client may stop reading its answer. Default: 60."),
    connections: honoured(wholeNumber, "Connections at a time; more are closed. Default: 10000."),
    line_mb: honoured(aboveZero, "Longest line or event of an upstream's answer, in MiB. Default: 8."),
  }).optional(),
  overload: section({
    event_loop_delay: honoured(timeLimit, "Seconds that the event loop may be late on average. Default: 0.5."),
    memory: honoured(
      share,
      "Part of the heap's limit, and of the container's memory, that may be in use. Default: 0.95.",
    ),
  }).optional(),
  status_interval: honoured(seconds, "Seconds between two looks at a host. Default: 10. 0: none."),
  image_urls: honoured(flag, "Fetches images that requests name by a public https URL."),
  cloud_models: honoured(flag, "Requests may name models of Ollama's cloud, `name:tag-cloud`, that no entry names."),
  recover_tool_calls: honoured(flag, "false: text that looks like a tool call stays text. Default: true."),
});
