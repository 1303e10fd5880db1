import { ProviderError } from "@llamaduct/core";
import type { z } from "zod";

/** The caller's 400 for a wrong value. The sentence names the field and never the value. */
export function invalidField(setting: string, rule: string): ProviderError {
  return new ProviderError({ code: "invalid_value", message: `${setting} ${rule}.`, setting });
}

/** The caller's 400 for something OpenAI has and we cannot honour. */
export function unsupportedField(setting: string, reason: string): ProviderError {
  return new ProviderError({ code: "unsupported", message: `${setting} is not supported. ${reason}`, setting });
}

/** Where text was to be, the 400 for numbers that stand for it; `undefined` when it is not that. */
export function tokensError(body: unknown, field: string): ProviderError | undefined {
  const value = at(body, [field]);
  if (!Array.isArray(value) || !value.some((item) => typeof item === "number" || Array.isArray(item))) return undefined;
  return invalidField(field, "must be text, not tokens; send the text that they stand for");
}

/** One sentence of ours for the first thing zod found. `body` tells an absent field from a wrong one. */
export function toFieldError(issues: readonly z.core.$ZodIssue[], body: unknown): ProviderError {
  const [first] = issues;
  if (first === undefined || first.path.length === 0) {
    return new ProviderError({ code: "invalid_value", message: "The request body must be a JSON object." });
  }
  const { path, expected } = locate(first, []);
  const value = at(body, path);
  const reason = reasonToRefuse(path, value);
  if (reason !== undefined) return unsupportedField(dotted(path.at(-1) === "type" ? path.slice(0, -1) : path), reason);
  return invalidField(dotted(path), value === undefined ? `is missing; it must be ${expected}` : `must be ${expected}`);
}

interface Finding {
  readonly path: readonly PropertyKey[];
  readonly expected: string;
}

/** Follows a union into the branch that got furthest; where none got in, says all that would have been right. */
function locate(issue: z.core.$ZodIssue, parents: readonly PropertyKey[]): Finding {
  const path = [...parents, ...issue.path];
  if (issue.code !== "invalid_union") return { path, expected: expectation(issue) };
  if ("options" in issue && issue.options !== undefined) return { path, expected: oneOf(issue.options) };
  const findings = issue.errors.flatMap(([first]) => (first === undefined ? [] : [locate(first, path)]));
  const deeper = findings.find((finding) => finding.path.length > path.length);
  return deeper ?? { path, expected: findings.map((finding) => finding.expected).join(" or ") };
}

const TYPES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "an integer",
  boolean: "a boolean",
  array: "an array",
  object: "an object",
  record: "an object",
};

function expectation(issue: Exclude<z.core.$ZodIssue, { code: "invalid_union" }>): string {
  switch (issue.code) {
    case "invalid_type":
      return TYPES[issue.expected] ?? "absent";
    case "invalid_value":
      return oneOf(issue.values);
    case "too_small":
      return issue.origin === "string" || issue.origin === "array" ? "non-empty" : `at least ${issue.minimum}`;
    case "too_big":
      return issue.origin === "array" ? `at most ${issue.maximum} items` : `at most ${issue.maximum}`;
    case "custom":
      return issue.message;
    default:
      return "valid";
  }
}

function oneOf(values: readonly unknown[]): string {
  const quoted = values.map((value) => JSON.stringify(value));
  return quoted.length === 1 ? quoted.join("") : `one of ${quoted.join(", ")}`;
}

/** Keyed by the field, or by `field=value` where only a value is refused. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ["functions", "Use tools."],
  ["function_call", "Use tools and tool_choice, or tool_calls in a message."],
  ["audio", "Only text is produced."],
  ["moderation", "Answers are not moderated here."],
  ["web_search_options", "There is no web search here."],
  ["modalities=audio", "Only text is produced."],
  ["role=function", 'Use role "tool" with a tool_call_id.'],
  ["type=input_audio", "Audio cannot be sent."],
  ["type=file", "Send its text instead."],
  ["type=custom", "Use a function tool."],
  ["type=allowed_tools", "Send only the tools that are allowed."],
]);

function reasonToRefuse(path: readonly PropertyKey[], value: unknown): string | undefined {
  const field = String(path.findLast((key) => typeof key === "string"));
  return REFUSED.get(field) ?? (typeof value === "string" ? REFUSED.get(`${field}=${value}`) : undefined);
}

function at(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    // Any object may be asked for any key; what is not an object has no members.
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    body,
  );
}

function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join(".");
}
