import { recording } from "@llamaduct/ollama-emulator";
import { describe, expect, it } from "vitest";
import { parseShow, parseTags } from "./model-wire.ts";
import { toListedModel, toShownModel } from "./to-model-info.ts";
import { UNKNOWN_CAPABILITIES } from "./unknown-capabilities.ts";

const json = (version: "0.24.0" | "0.33.0", name: string): unknown =>
  JSON.parse(recording(version, name).chunks.join(""));

describe("a listing", () => {
  it("of a current server tells what is there, and leaves open what it does not list", () => {
    const thinker = parseTags(json("0.33.0", "tags"))?.find(({ name }) => name === "thinker:latest");
    expect(thinker && toListedModel(thinker)).toMatchObject({
      id: "thinker:latest",
      contextLength: 8192,
      capabilities: { reasoning: "native", jsonSchema: "native", tools: "unknown", images: "unknown" },
      metadata: { family: "llama", format: "gguf", quantization_level: "F16" },
    });
  });

  it("of an old server tells nothing of capabilities", () => {
    const [model] = parseTags(json("0.24.0", "tags")) ?? [];
    expect(model && toListedModel(model).capabilities).toEqual(UNKNOWN_CAPABILITIES);
  });

  it("may be null, as Go writes an empty one", () => {
    expect(parseTags({ models: null })).toEqual([]);
    expect(parseTags({ models: 3 })).toBeUndefined();
  });
});

describe("what a server shows of one model", () => {
  it.each(["0.24.0", "0.33.0"] as const)("is the last word: %s", (version) => {
    const shown = parseShow(json(version, "show-coder"));
    expect(shown && toShownModel("coder", shown)).toMatchObject({
      contextLength: 8192,
      capabilities: { suffix: "native", tools: "none", reasoning: "none", embeddings: "none", jsonSchema: "native" },
    });
    const embedder = parseShow(json(version, "show-embedder"));
    expect(embedder && toShownModel("e", embedder).capabilities).toMatchObject({
      embeddings: "native",
      jsonSchema: "none",
    });
  });

  it.each([
    ["show-plain", { tools: "none", reasoning: "none", suffix: "none" }],
    ["show-custom", { tools: "none" }],
    ["show-tools", { tools: "native", reasoning: "none" }],
    ["show-thinker", { reasoning: "native", tools: "none" }],
    ["show-native", { reasoning: "none" }],
  ])("K8: is read from %s of both versions", (name, capabilities) => {
    for (const version of ["0.24.0", "0.33.0"] as const) {
      const shown = parseShow(json(version, name));
      expect(shown && toShownModel("m", shown)).toMatchObject({
        contextLength: 8192,
        capabilities: { ...capabilities, images: "none", embeddings: "none" },
        metadata: { family: "llama", parameter_size: "1.54M", quantization_level: "F16" },
      });
    }
    expect(toShownModel("m", parseShow(json("0.33.0", "show-native")) ?? {}).capabilities.tools).toBe("native");
    expect(toShownModel("m", parseShow(json("0.24.0", "show-native")) ?? {}).capabilities.tools).toBe("none");
  });

  it("leaves grammars open where the engine is not llama.cpp's", () => {
    const capabilities = ["completion"];
    expect(toShownModel("m", { capabilities, remote_host: "https://ollama.com" }).capabilities.jsonSchema).toBe(
      "unknown",
    );
    expect(toShownModel("m", { capabilities, details: { format: "safetensors" } }).capabilities.jsonSchema).toBe(
      "unknown",
    );
  });
});
