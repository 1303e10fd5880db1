import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { run } from "../../apps/proxy/src/cli/run.ts";

const sentence = "The quick brown llama jumps over the lazy alpaca.";
const folder = fileURLToPath(new URL("../../examples/from-litellm/", import.meta.url));
const ollama = inject("ollamaURL");
const python = process.env["LLAMADUCT_PYTHON"] || "python3";
const noPython = spawnSync(python, ["-c", "import openai, pydantic"]).status !== 0;

const stop = new AbortController();
let url: string;
let ended: Promise<number>;

beforeAll(async () => {
  const banner = Promise.withResolvers<string>();
  ended = run({
    arguments: ["--config", `${folder}config.yaml`, "--port", "0"],
    environment: { OLLAMA_HOST: ollama },
    print: banner.resolve,
    complain: (text) => banner.reject(new Error(text)),
    log: () => {},
    stop: stop.signal,
  });
  [, url = ""] = /listens on (\S+)/.exec(await banner.promise) ?? [];
});
afterAll(async () => {
  stop.abort();
  await ended;
});

const borrowed: string[] = [];
afterEach(async () => {
  for (const model of borrowed.splice(0)) await askOllama("DELETE", "/api/delete", { model });
});

/** LiteLLM's page about Ollama against a real server: its names are copies of the scripted models. */
describe("what LiteLLM's documentation does with Ollama", () => {
  it.each([
    ["llama3.1", 8 * 60_000],
    ["llama3.1-resident", Number.POSITIVE_INFINITY],
  ])("%s is loaded for as long as the config says", async (model, expectedMs) => {
    await borrow("plain", "llama3.1");
    const response = await fetch(`${url}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer sk-1234" },
      body: JSON.stringify({ model, messages: [{ role: "user", content: "hi" }] }),
    });
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: sentence } }] });
    // A copy may be listed under the name of what it is a copy of.
    const installed = (await modelsOf("/api/tags")).find(({ name }) => name === "llama3.1:latest");
    const loaded = (await modelsOf("/api/ps")).find(({ digest }) => digest === installed?.digest);
    const { expires_at = "" } = loaded ?? {};
    const leftMs = Date.parse(expires_at) - Date.now();
    // "For ever" is some three hundred years.
    if (expectedMs === Number.POSITIVE_INFINITY) expect(leftMs).toBeGreaterThan(365 * 24 * 3_600_000);
    else expect(Math.abs(leftMs - expectedMs)).toBeLessThan(30_000);
  });

  it("tools.sh: a tool, tool_choice, stream and a key, over curl", async () => {
    await borrow("tools", "llama3.1");
    const chunks = (await runProgram(`${folder}tools.sh`)).trim().split("\n\n");
    expect(chunks.pop()).toBe("data: [DONE]");
    const choices = chunks.map((chunk) => JSON.parse(chunk.slice("data: ".length)).choices[0]);
    expect(choices.at(-1)?.finish_reason).toBe("tool_calls");
    const calls = choices.flatMap((choice) => choice?.delta.tool_calls ?? []);
    expect(calls[0]).toMatchObject({ index: 0, type: "function", function: { name: "get_current_weather" } });
    expect(JSON.parse(calls.map((call) => call.function.arguments ?? "").join(""))).toEqual({
      location: "Boston, MA",
      unit: "celsius",
    });
  });

  it.skipIf(noPython)("fim.py", async () => {
    await borrow("coder", "llama3.1");
    expect(await runProgram(python, "fim.py")).toBe("return a + b\n\n");
  });

  it.skipIf(noPython)("json_schema.py: beta.chat.completions.parse", async () => {
    await borrow("thinker", "deepseek-r1");
    expect(await runProgram(python, "json_schema.py")).toMatch(/^steps=\[.*\] final_answer='.*'\n$/);
  });

  it("vision.sh: the config says that the model sees, and a host that knows better refuses", async () => {
    await borrow("plain", "llava");
    const { version } = (await (await fetch(`${inject("ollamaURL")}/api/version`)).json()) as { version: string };
    const asked = runProgram(`${folder}vision.sh`);
    // Before 0.30 a host drops images without a word, and the operator's word keeps us from asking it.
    if (Number(version.split(".")[1]) < 30) expect(await asked).toContain(sentence);
    else await expect(asked).rejects.toMatchObject({ stdout: expect.stringMatching(/does not (take|support) images/) });
  });

  it.skipIf(noPython)("test.py: the module's own client, streaming", async () => {
    await borrow("plain", "llama2");
    expect(await runProgram(python, "test.py")).toBe(`${sentence}\n`);
  });
});

interface Listed {
  readonly name: string;
  readonly digest: string;
  readonly expires_at?: string;
}

async function modelsOf(path: "/api/tags" | "/api/ps"): Promise<readonly Listed[]> {
  return ((await (await fetch(ollama + path)).json()) as { readonly models: readonly Listed[] }).models;
}

/** Gives a scripted model the name that the documentation uses, until the test ends. Never takes somebody's own away. */
async function borrow(scripted: string, name: string): Promise<void> {
  const taken = await fetch(`${ollama}/api/show`, { method: "POST", body: JSON.stringify({ model: name }) });
  if (taken.ok) throw new Error(`The server has a model ${name} of its own: test against another one.`);
  await askOllama("POST", "/api/copy", { source: `llamaduct/${scripted}`, destination: name });
  borrowed.push(name);
}

async function askOllama(method: string, path: string, body: object): Promise<void> {
  const response = await fetch(ollama + path, { method, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

async function runProgram(command: string, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, PROXY_URL: url.replace("127.0.0.1", "0.0.0.0") };
  return (await promisify(execFile)(command, args, { env, cwd: folder })).stdout;
}
