import { ProviderError, type Warning } from "@llamaduct/core";
import { TAKEN, WITHOUT_EFFECT } from "./routing-fields.ts";

/** What a request's body says of how it is to be routed, in LiteLLM's words. */
export interface RoutingExtras {
  readonly timeoutMs?: number | undefined;
  readonly streamTimeoutMs?: number | undefined;
  readonly retries?: number | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly session?: string | undefined;
  /** Groups to ask after the one that is asked for, and what of the request is another for them. */
  readonly fallbacks?: readonly Fallback[] | undefined;
  readonly mock?: Mock | undefined;
}

export interface Fallback {
  readonly model: string;
  readonly changes: object;
}

export type Mock =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "failure"; readonly error: () => ProviderError };

export interface SplitRouting {
  readonly extras: RoutingExtras;
  readonly request: object;
  readonly warnings: readonly Warning[];
}

/** Takes them out of a request: no upstream is to see them. Throws `invalid_value` naming the field. */
export function splitRouting(body: object): SplitRouting {
  const fields: Readonly<Record<string, unknown>> = { ...body };
  const metadata = [fields["litellm_metadata"], fields["metadata"]].filter(isObject);
  const fallbacks = toFallbacks(fields);
  return {
    extras: {
      timeoutMs: toMs(fields, "timeout"),
      streamTimeoutMs: toMs(fields, "stream_timeout"),
      retries: toCount(fields, "num_retries"),
      tags: toTags(fields, "tags") ?? metadata.map((each) => toTags(each, "tags", "metadata.")).find(isDefined),
      session: metadata.map((each) => toText(each, "session_id", "metadata.")).find(isDefined),
      fallbacks: toFlag(fields, "disable_fallbacks") ? [] : fallbacks,
      mock: toMock(fields),
    },
    request: Object.keys(fields).some((name) => TAKEN.has(name))
      ? Object.fromEntries(Object.entries(fields).filter(([name]) => !TAKEN.has(name)))
      : body,
    warnings: [...WITHOUT_EFFECT]
      .filter((name) => isDefined(fields[name]))
      .map((name) => ({ setting: name, message: `${name} has no effect here.` })),
  };
}

type Fields = Readonly<Record<string, unknown>>;

const FAILURES: Readonly<Record<string, () => ProviderError>> = {
  mock_testing_fallbacks: () => mockFailure("upstream_error"),
  mock_testing_context_fallbacks: () => mockFailure("context_length_exceeded"),
  mock_testing_content_policy_fallbacks: () => mockFailure("upstream_error"),
  mock_testing_rate_limit_error: () => mockFailure("rate_limit_exceeded"),
  mock_timeout: () => mockFailure("upstream_total_timeout"),
};

function toMs(fields: Fields, name: string): number | undefined {
  const seconds = fields[name] ?? undefined;
  if (seconds === undefined) return undefined;
  if (typeof seconds === "number" && Number.isFinite(seconds) && seconds > 0) return seconds * 1000;
  throw invalid(name, "must be a number of seconds above 0");
}

function toCount(fields: Fields, name: string): number | undefined {
  const count = fields[name] ?? undefined;
  if (count === undefined) return undefined;
  if (typeof count === "number" && Number.isInteger(count) && count >= 0 && count <= MOST_RETRIES) return count;
  throw invalid(name, `must be a whole number from 0 to ${MOST_RETRIES}`);
}

const MOST_RETRIES = 100;
const MOST_NAMES = 64;

function toTags(fields: Fields, name: string, parent = ""): readonly string[] | undefined {
  const tags = fields[name] ?? undefined;
  if (tags === undefined) return undefined;
  if (Array.isArray(tags) && tags.length <= MOST_NAMES && tags.every((tag) => typeof tag === "string")) return tags;
  throw invalid(parent + name, "must be an array of strings");
}

function toText(fields: Fields, name: string, parent = ""): string | undefined {
  const text = fields[name] ?? undefined;
  if (text === undefined || typeof text === "string") return text;
  throw invalid(parent + name, "must be a string");
}

function toFlag(fields: Fields, name: string): boolean {
  const flag = fields[name] ?? false;
  if (typeof flag === "boolean") return flag;
  throw invalid(name, "must be a boolean");
}

/** LiteLLM's `fallbacks`, or OpenRouter's `models`, the first of which may be the model itself. */
function toFallbacks(fields: Fields): readonly Fallback[] | undefined {
  const models = toTags(fields, "models")?.filter((model) => model !== fields["model"]);
  const list = fields["fallbacks"] ?? models;
  if (list === undefined) return undefined;
  if (!Array.isArray(list) || list.length > MOST_NAMES) throw invalid("fallbacks", "must be an array of models");
  return list.map((each: unknown, index) => {
    if (typeof each === "string") return { model: each, changes: {} };
    const { model, ...changes } = isObject(each) ? each : {};
    if (typeof model === "string") return { model, changes };
    throw invalid(`fallbacks.${index}`, "must be a model, or an object with one");
  });
}

function toMock(fields: Fields): Mock | undefined {
  for (const [name, error] of Object.entries(FAILURES)) if (toFlag(fields, name)) return { kind: "failure", error };
  const text = toText(fields, "mock_response");
  return text === undefined ? undefined : { kind: "text", text };
}

function mockFailure(code: ProviderError["code"]): ProviderError {
  return new ProviderError({ code, message: "The request asked for this failure." });
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isDefined<Value>(value: Value | undefined | null): value is Value {
  return value !== undefined && value !== null;
}

function invalid(setting: string, rule: string): ProviderError {
  return new ProviderError({ code: "invalid_value", message: `${setting} ${rule}.`, setting });
}
