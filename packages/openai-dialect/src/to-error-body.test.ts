import { PROVIDER_ERRORS, ProviderError, type ProviderErrorCode } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { toErrorBody, toErrorEvent } from "./to-error-body.ts";

// Object.keys of a record with exactly these keys.
const CODES = Object.keys(PROVIDER_ERRORS) as ProviderErrorCode[];

describe("toErrorBody", () => {
  it.each(CODES)("answers %s with its row of the table", (code) => {
    const { status, type, clientRetry } = PROVIDER_ERRORS[code];
    expect(toErrorBody(new ProviderError({ code, message: "It failed.", setting: "settings.topK" }))).toStrictEqual({
      status,
      headers: { "x-should-retry": clientRetry ? "true" : "false" },
      body: { error: { message: "It failed.", type, param: code === "model_not_found" ? "model" : "top_k", code } },
    });
  });

  it("has no param when no field is to blame", () => {
    expect(toErrorBody(new ProviderError({ code: "upstream_error", message: "x" })).body.error.param).toBeNull();
  });

  it("says when to come back, in seconds rounded up and in milliseconds", () => {
    const error = new ProviderError({ code: "upstream_busy", message: "Busy.", retryAfterMs: 1200.5 });
    expect(toErrorBody(error).headers).toEqual({
      "x-should-retry": "true",
      "retry-after": "2",
      "retry-after-ms": "1201",
    });
  });

  it("keeps what is for the log out of the answer", () => {
    const error = new ProviderError({
      code: "upstream_error",
      message: "The upstream failed.",
      upstreamMessage: "SECRET",
      upstreamStatus: 599,
      provider: "SECRET",
      modelId: "SECRET",
      cause: new Error("SECRET"),
    });
    const written = JSON.stringify(toErrorBody(error)) + toErrorEvent(error);
    expect(written).not.toMatch(/SECRET|599|\.ts|stack/);
  });

  it("answers a code of a newer core as an upstream's failure", () => {
    const error = new ProviderError({ code: "new" as ProviderErrorCode, message: "x" });
    expect(toErrorBody(error)).toMatchObject({ status: 502, body: { error: { type: "server_error", code: "new" } } });
  });
});

describe("toErrorEvent", () => {
  it("N1: is one error frame, without choices and without an end mark", () => {
    const error = new ProviderError({ code: "upstream_stream_interrupted", message: "The upstream\nstopped." });
    expect(toErrorEvent(error)).toBe(
      'data: {"error":{"message":"The upstream\\nstopped.","type":"server_error","param":null,"code":"upstream_stream_interrupted"}}\n\n',
    );
  });
});
