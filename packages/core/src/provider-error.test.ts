import { describe, expect, it, vi } from "vitest";
import { errorRule, PROVIDER_ERRORS, ProviderError } from "./provider-error.ts";

const secret = "sk-secret and the whole prompt";

describe("ProviderError", () => {
  it("gives JSON nothing a client may not see", () => {
    const error = new ProviderError({
      code: "upstream_error",
      message: "The model failed.",
      setting: "tools",
      upstreamStatus: 500,
      upstreamMessage: secret,
      cause: new Error(secret),
    });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: "ProviderError",
      code: "upstream_error",
      message: "The model failed.",
      setting: "tools",
      upstreamStatus: 500,
    });
    expect(error.upstreamMessage).toBe(secret);
    expect(Object.keys(error)).not.toContain("upstreamMessage");
  });

  it("cuts upstream text and takes its control characters away", () => {
    const { upstreamMessage } = new ProviderError({
      code: "upstream_error",
      message: "",
      upstreamMessage: `a\u001b[31m\n${"x".repeat(600)}`,
    });
    expect(upstreamMessage).toMatch(/^a\\u001b\[31m\\u000ax+$/);
    expect(upstreamMessage?.length).toBeLessThan(530);
  });

  it("is recognised across two copies of this package", async () => {
    vi.resetModules();
    const copy = await import("./provider-error.ts");
    expect(copy.ProviderError).not.toBe(ProviderError);
    expect(new copy.ProviderError({ code: "unsupported", message: "" })).toBeInstanceOf(ProviderError);
    expect(new Error("no")).not.toBeInstanceOf(ProviderError);
    expect(null).not.toBeInstanceOf(ProviderError);
  });

  it("has a rule for every code, and a safe one for a code from a later copy", () => {
    for (const rule of Object.values(PROVIDER_ERRORS)) expect(rule.status).toBeGreaterThanOrEqual(400);
    // A later copy of this package may throw codes this one has never heard of.
    const later = new ProviderError({ code: "quantum_failure" as "upstream_error", message: "" });
    expect(errorRule(later)).toMatchObject({ status: 502, clientRetry: false });
  });
});
