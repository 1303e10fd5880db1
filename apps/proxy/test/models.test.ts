import { expect, it } from "vitest";
import { startProxy } from "./start-proxy.ts";

const hi = { role: "user", content: "hi" } as const;

it.each([
  ["no config", undefined, "plain:latest"],
  ["the wildcard", [{ name: "*", model: "ollama_chat/*" }], "plain:latest"],
  ["a prefixed wildcard", [{ name: "local/*", model: "ollama_chat/*" }], "local/plain:latest"],
])("every id listed is callable exactly as listed: %s", async (_, deployments, wanted) => {
  const { client, emulator } = await startProxy({ deployments });
  const ids = (await client.models.list()).data.map(({ id }) => id);
  expect(ids).toContain(wanted);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids.filter((each) => each.includes("plain") || each.includes("thinker"))) {
    const { model } = await client.chat.completions.create({ model: id, messages: [hi] });
    expect(model).toBe(id);
    const { body } = await emulator.nextRequest("/api/chat");
    expect(body).toMatchObject({ model: expect.stringMatching(/^(acme\/)?(plain|thinker):\w+$/) });
  }
});

it("the wildcard takes a name with and without the provider's prefix", async () => {
  const { client, emulator } = await startProxy({ deployments: [{ name: "*", model: "ollama_chat/*" }] });
  for (const model of ["plain", "ollama_chat/plain", "plain:latest", "ollama_chat/acme/plain:v1"])
    await client.chat.completions.create({ model, messages: [hi] });
  const asked = emulator.requests.map(({ body }) => (body as { model: string }).model);
  expect(asked).toEqual(["plain", "plain", "plain:latest", "acme/plain:v1"]);
});

it("named deployments are listed as they are named, without asking anyone", async () => {
  const { client, url, emulator } = await startProxy({ deployments: [{ name: "gpt-4o", model: "ollama_chat/plain" }] });
  const { data } = await client.models.list();
  expect(data).toEqual([{ id: "gpt-4o", object: "model", created: expect.any(Number), owned_by: "ollama_chat" }]);
  expect(await (await fetch(`${url}/models`)).json()).toEqual({ object: "list", data });
  expect(emulator.requests).toEqual([]);
});

it("an upstream that does not answer is a 502", async () => {
  const { url, emulator } = await startProxy();
  await emulator.close();
  expect((await fetch(`${url}/v1/models`)).status).toBe(502);
});
