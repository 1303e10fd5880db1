import { ProviderError } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { parseBaseURL } from "./base-url.ts";

describe("parseBaseURL", () => {
  it.each([
    ["http://host:11434", "http://host:11434"],
    ["http://host:11434/", "http://host:11434"],
    ["http://host:11434/v1", "http://host:11434"],
    ["http://host:11434/v1/", "http://host:11434"],
    ["http://host:11434/api", "http://host:11434"],
    ["http://host:11434/api/chat", "http://host:11434"],
    ["http://host:11434/api/generate/", "http://host:11434"],
    ["http://host:11434/v1/chat/completions", "http://host:11434"],
    ["https://proxy.example/ollama", "https://proxy.example/ollama"],
    ["https://proxy.example/ollama/v1", "https://proxy.example/ollama"],
    ["https://proxy.example//ollama//api/chat", "https://proxy.example/ollama"],
    ["http://[::1]:11434/v1", "http://[::1]:11434"],
    ["http://localhost:11434?x=1#y", "http://localhost:11434"],
    ["http://v1.example/apix", "http://v1.example/apix"],
  ])("K3: %s", (input, url) => {
    expect(parseBaseURL(input)).toEqual({ url, authorization: undefined });
  });

  it.each([
    ["", "http://127.0.0.1:11434"],
    ["0.0.0.0", "http://127.0.0.1:11434"],
    ["0.0.0.0:8080", "http://127.0.0.1:8080"],
    ["http://0.0.0.0:11434", "http://127.0.0.1:11434"],
    ["[::]:11434", "http://[::1]:11434"],
    [":11500", "http://127.0.0.1:11500"],
    ["11500", "http://127.0.0.1:11500"],
    ["box", "http://box:11434"],
    ["box:1234", "http://box:1234"],
    ["box/prefix", "http://box:11434/prefix"],
    ["::1", "http://[::1]:11434"],
    ["[::1]", "http://[::1]:11434"],
    ["[::1]:1234", "http://[::1]:1234"],
  ])("K7: reads OLLAMA_HOST's form %j", (input, url) => {
    expect(parseBaseURL(input).url).toBe(url);
  });

  it("moves credentials out of the URL, where they could end up in a log", () => {
    expect(parseBaseURL("http://me:p%40ss@host:1")).toEqual({
      url: "http://host:1",
      authorization: `Basic ${Buffer.from("me:p@ss").toString("base64")}`,
    });
  });

  it.each(["http://", "ftp://host", "http://host:99999", "a b"])("refuses %j, naming baseURL", (input) => {
    expect(() => parseBaseURL(input)).toThrow(ProviderError);
    expect(() => parseBaseURL(input)).toThrow(expect.objectContaining({ code: "invalid_value", setting: "baseURL" }));
  });
});
