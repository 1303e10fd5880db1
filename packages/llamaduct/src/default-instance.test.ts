import { startEmulator } from "@llamaduct/ollama-emulator";
import { afterEach, expect, it, vi } from "vitest";

afterEach(() => void vi.unstubAllEnvs());

it.each([
  ["OLLAMA_API_BASE", { OLLAMA_HOST: "http://127.0.0.1:1" }],
  ["OLLAMA_HOST", {}],
])("completion() and listModels() use %s", async (variable, others) => {
  await using emulator = await startEmulator();
  vi.resetModules();
  vi.stubEnv("OLLAMA_API_BASE", undefined);
  for (const [name, value] of Object.entries({ ...others, [variable]: emulator.url, OLLAMA_API_KEY: "k" }))
    vi.stubEnv(name, value);
  const { completion, listModels } = await import("./index.ts");
  const messages = [{ role: "user", content: "hi" }] as const;
  const { choices } = await completion({ model: "ollama_chat/plain", messages });
  expect(choices[0]?.message.content).toContain("llama");
  expect((await listModels()).data.length).toBeGreaterThan(10);
  for (const { headers } of emulator.requests) expect(headers["authorization"]).toBe("Bearer k");
});

const messages = [{ role: "user", content: "hi" }] as const;

/** The package as a process has it that was started with these variables. */
async function startedWith(
  variables: Readonly<Record<string, string | undefined>>,
): Promise<typeof import("./index.ts")> {
  vi.resetModules();
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return import("./index.ts");
}

it("registerModel() has the last word on a model, before the first call and after", async () => {
  await using emulator = await startEmulator();
  const { completion, registerModel } = await startedWith({ OLLAMA_API_BASE: emulator.url });
  const tools = [{ type: "function", function: { name: "f" } }] as const;
  const asked = async () => {
    await completion({ model: "ollama_chat/tools", messages, tools }).catch(() => {});
    const bodies = emulator.requests.filter(({ path }) => path === "/api/chat").map(({ body }) => body as object);
    return "tools" in (bodies.at(-1) ?? {});
  };
  registerModel({ "ollama_chat/tools": { supports_function_calling: false } });
  expect(await asked()).toBe(false);
  registerModel({ "ollama_chat/tools": { supports_function_calling: true } });
  expect(await asked()).toBe(true);
  expect(() => registerModel({ x: { max_tokens: 1 } as object })).toThrow('Model "x": there is no "max_tokens".');
});

it("turnOnDebug() prints what goes out and comes back, without keys, until it is turned off", async () => {
  await using emulator = await startEmulator();
  const { completion, turnOnDebug } = await startedWith({
    OLLAMA_API_BASE: emulator.url,
    OLLAMA_API_KEY: "a-secret-key",
  });
  let printed = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
  const turnOff = turnOnDebug();
  turnOnDebug();
  await completion({ model: "ollama_chat/plain", messages });
  turnOff();
  await completion({ model: "ollama_chat/plain", messages: [{ role: "user", content: "unseen" }] });
  vi.restoreAllMocks();
  expect(printed).toMatch(/^llamaduct \w{8} to upstream\n {2}method: POST\n {2}url: http:.*\/api\/chat$/m);
  expect(printed.match(/"content":"hi"/g)).toHaveLength(1);
  expect(printed).toContain(" llama");
  expect(printed).not.toMatch(/a-secret-key|unseen/);
});

it("openai/…: any server of that API, without a key of another", async () => {
  await using emulator = await startEmulator();
  const { completion } = await startedWith({
    OPENAI_API_KEY: "sk-openai",
    OPENAI_BASE_URL: undefined,
    OPENAI_API_BASE: undefined,
  });
  const answer = { choices: [{ index: 0, delta: { content: "Hi!" }, finish_reason: "stop" }] };
  emulator.enqueue({
    path: "/v1/chat/completions",
    headers: { "content-type": "text/event-stream" },
    chunks: [`data: ${JSON.stringify(answer)}\n\ndata: [DONE]\n\n`],
  });
  const { choices } = await completion({ model: "openai/m", messages, api_base: `${emulator.url}/v1` });
  expect(choices[0]?.message.content).toBe("Hi!");
  expect(emulator.requests.at(-1)?.headers).not.toHaveProperty("authorization");
});

it("openai/… without an address or a key of OpenAI's says so", async () => {
  const { completion } = await startedWith({
    OPENAI_API_KEY: undefined,
    OPENAI_BASE_URL: undefined,
    OPENAI_API_BASE: undefined,
  });
  await expect(completion({ model: "openai/m", messages })).rejects.toMatchObject({ code: "invalid_value" });
});
