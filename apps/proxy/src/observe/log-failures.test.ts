import { type CallEnd, ProviderError } from "@llamaduct/core";
import { expect, it } from "vitest";
import { logFailures } from "./log-failures.ts";

const end: CallEnd = {
  provider: "p",
  modelId: "m",
  outcome: "failed",
  finish: undefined,
  error: undefined,
  warnings: [],
  firstPartMs: undefined,
  totalMs: 5,
};

function logged(event: Partial<CallEnd>): object[] {
  const lines: object[] = [];
  logFailures({ warn: (fields: unknown) => void lines.push(fields as object) }).onEnd?.({ ...end, ...event });
  return lines;
}

it("logs an upstream's failure with its own words", () => {
  const error = new ProviderError({ code: "upstream_error", message: "It failed.", upstreamMessage: "CUDA" });
  expect(logged({ error })).toEqual([{ err: error, upstreamMessage: "CUDA", provider: "p", modelId: "m", totalMs: 5 }]);
});

it.each<[string, Partial<CallEnd>]>([
  ["a finished call", { outcome: "finished" }],
  ["a client that left", { outcome: "aborted", error: new Error("gone") }],
  ["a client's mistake", { error: new ProviderError({ code: "invalid_value", message: "Wrong." }) }],
])("is silent about %s", (_, event) => {
  expect(logged(event)).toEqual([]);
});
