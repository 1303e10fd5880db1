import { expect, it } from "vitest";
import { readKey } from "./read-key.ts";

it.each<[string, Record<string, string>, string | undefined]>([
  ["LiteLLM's", { "x-litellm-api-key": "a" }, "a"],
  ["LiteLLM's with a scheme", { "x-litellm-api-key": "Bearer a" }, "a"],
  ["OpenAI's", { authorization: "Bearer a" }, "a"],
  ["OpenAI's in any case, with any spaces", { authorization: " BEARER   a " }, "a"],
  ["Basic, as LiteLLM reads it", { authorization: "Basic a" }, "a"],
  ["Azure's", { "api-key": "a" }, "a"],
  ["Anthropic's", { "x-api-key": "a" }, "a"],
  ["Google's", { "x-goog-api-key": "a" }, "a"],
  ["Azure's gateway's", { "ocp-apim-subscription-key": "a" }, "a"],
  ["none", {}, undefined],
  ["an empty one", { "x-api-key": " " }, undefined],
  ["a scheme alone", { authorization: "Bearer " }, undefined],
  ["no scheme where one is wanted", { authorization: "a" }, undefined],
  ["another scheme", { authorization: "Digest a" }, undefined],
  ["two words", { authorization: "Bearer a b" }, undefined],
  ["two words elsewhere", { "x-api-key": "a b" }, undefined],
])("reads %s", (_, headers, key) => {
  expect(readKey(headers)).toBe(key);
});

it("takes the first place that has one, in LiteLLM's order", () => {
  const names = ["x-litellm-api-key", "authorization", "api-key", "x-api-key", "x-goog-api-key"];
  const all = [...names, "ocp-apim-subscription-key"];
  for (const [index, name] of all.entries()) {
    const headers = Object.fromEntries(all.slice(index).map((each) => [each, `Bearer ${each}`]));
    expect(readKey(headers)).toBe(name);
  }
  expect(readKey({ authorization: "none", "x-api-key": "a" })).toBe("a");
});

it("looks at the operator's header alone, when there is one", () => {
  expect(readKey({ "x-mine": "Bearer a" }, "x-mine")).toBe("a");
  expect(readKey({ "x-mine": "a" }, "x-mine")).toBe("a");
  expect(readKey({ authorization: "Bearer a", "x-litellm-api-key": "b" }, "x-mine")).toBeUndefined();
});
