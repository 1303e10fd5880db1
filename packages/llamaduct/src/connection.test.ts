import { describe, expect, it } from "vitest";
import { splitConnection } from "./connection.ts";

const body = { model: "m", api_base: "https://a.example/v1" };

describe("splitConnection", () => {
  it.each([
    ["any", [{ apiBase: true }]],
    ["what matches", [{ apiBase: "https://[a-z]+\\.example/v1" }, { apiBase: true }]],
  ] as const)("takes out an address that every deployment allows: %s", (_, allowed) => {
    expect(splitConnection(body, { allowed, known: [] })).toEqual({
      connection: { baseURL: "https://a.example/v1" },
      request: { model: "m" },
      warnings: [],
    });
  });

  it.each([
    ["nobody is asked", []],
    ["one says nothing", [{ apiBase: true }, {}]],
    ["only its beginning matches", [{ apiBase: "https://a.example" }]],
    ["only its end matches", [{ apiBase: "a.example/v1" }]],
    ["one of two matches its beginning", [{ apiBase: "https://a|https://b" }]],
    ["it is the key that is allowed", [{ apiKey: true }]],
  ] as const)("K5: refuses it where %s", (_, allowed) => {
    expect(() => splitConnection(body, { allowed, known: [] })).toThrow(/api_base/);
  });

  it("asks the key by its own rule", () => {
    const allowed = [{ apiKey: "sk-[0-9]+" }];
    expect(splitConnection({ api_key: "sk-12" }, { allowed, known: [] }).connection).toEqual({ apiKey: "sk-12" });
    expect(() => splitConnection({ api_key: "sk-12x" }, { allowed, known: [] })).toThrow(/api_key/);
  });
});
