import { describe, expect, it } from "vitest";
import { startEngine } from "../test/start-engine.ts";

describe("retrieveModel", () => {
  it.each([
    ["plain", "ollama_chat"],
    ["plain:latest", "ollama_chat"],
    ["acme/plain:v1", "ollama_chat"],
    ["ollama_chat/acme/plain:v1", "ollama_chat"],
    ["ollama/plain", "ollama"],
  ])("K8: %s is there, by any name that a request may use", async (id, owned_by) => {
    const { engine } = await startEngine();
    expect(await engine.retrieveModel(id)).toMatchObject({ id, object: "model", owned_by });
  });

  it("K8: a model that its host does not have is not found, nor a name that leads nowhere", async () => {
    const deployments = [{ name: "team/*", model: "ollama_chat/*" }];
    const { engine } = await startEngine({ deployments });
    for (const id of ["team/nope", "elsewhere"])
      await expect(engine.retrieveModel(id)).rejects.toMatchObject({ code: "model_not_found", setting: "model" });
  });

  it("K1: a named deployment is known without asking anyone", async () => {
    const { engine, emulator } = await startEngine({ deployments: [{ name: "gpt-4o", model: "ollama/plain" }] });
    expect(await engine.retrieveModel("gpt-4o")).toMatchObject({ id: "gpt-4o", owned_by: "ollama" });
    expect(emulator.requests).toEqual([]);
  });

  it("K8: a host that is down is that, not a model that is missing", async () => {
    const { engine, emulator } = await startEngine();
    await emulator.close();
    await expect(engine.retrieveModel("plain")).rejects.toMatchObject({ code: "upstream_connection_failed" });
  });
});
