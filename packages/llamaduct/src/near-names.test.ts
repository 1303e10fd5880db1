import { describe, expect, it, vi } from "vitest";
import { createLlamaduct } from "./create-llamaduct.ts";

const deployments = [
  { name: "llama3.2", model: "ollama_chat/a" },
  { name: "mistral", model: "ollama_chat/b" },
  { name: "x-*", model: "ollama_chat/*" },
];
const aliases = { lama3: { model: "mistral" }, "lama3.9": { model: "mistral", hidden: true } };

describe("a name that leads nowhere", () => {
  const { chat, retrieveModel } = createLlamaduct({ deployments, aliases });

  it("is told near misses, not wildcards, not hidden aliases and not everything", async () => {
    const expected = {
      code: "model_not_found",
      setting: "model",
      message: 'There is no model "lama3.2" here. Did you mean "llama3.2" or "lama3"?',
    };
    await expect(chat({ model: "lama3.2" })).rejects.toMatchObject(expected);
    await expect(retrieveModel("lama3.2")).rejects.toMatchObject(expected);
    await expect(chat({ model: "gpt-4o" })).rejects.toThrow(/^There is no model "gpt-4o" here\.$/);
  });

  it("is told so without them where their file cannot be had", async () => {
    vi.doMock("./near-names.ts", () => {
      throw new Error("There is no such file.");
    });
    await expect(chat({ model: "lama3.2" })).rejects.toThrow(/^There is no model "lama3\.2" here\.$/);
    vi.doUnmock("./near-names.ts");
  });
});
