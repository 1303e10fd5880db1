import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "@llamaduct/ollama-emulator";
import OpenAI from "openai";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { done, line } from "./ndjson.ts";
import { type RunningCommand, started } from "./run-command.ts";

// Starting Python takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const TEXT = "The quick brown llama jumps over the lazy alpaca.";
const folder = fileURLToPath(new URL("../../../examples/from-litellm/", import.meta.url));
const hi = { role: "user", content: "hi" } as const;

const python = process.env["LLAMADUCT_PYTHON"] || "python3";
const noPython = spawnSync(python, ["-c", "import openai, pydantic"]).status !== 0;
const noCurl = spawnSync("curl", ["--version"]).error !== undefined;

/** LiteLLM's page about Ollama: the same configuration, requests and programs. */
describe("what LiteLLM's documentation does with Ollama", () => {
  it("listens on port 4000 unless it is told otherwise", async () => {
    const { DEFAULT_PORT } = await import("../src/serve/listen.ts");
    expect(DEFAULT_PORT).toBe(4000);
  });

  it("the whole config is honoured", async () => {
    const { proxy } = await start();
    expect(proxy.complaints).toEqual([]);
  });

  it.each([
    ["llama3.1", "8m"],
    ["llama3.1-resident", -1],
  ])("%s is kept for %j", async (model, keep_alive) => {
    const { proxy, ollama } = await start();
    ollama.enqueue({ recording: "chat-plain-stream" });
    await clientOf(proxy).chat.completions.create({ model, messages: [hi] });
    expect((await ollama.nextRequest("/api/chat")).body).toMatchObject({ model: "llama3.1", keep_alive });
  });

  it.skipIf(noCurl)("tools.sh: a tool, tool_choice, stream and a key, over curl", async () => {
    const { proxy, ollama } = await start();
    ollama.enqueue({ recording: "chat-tools-stream" });
    const chunks = (await runProgram(proxy, `${folder}tools.sh`)).trim().split("\n\n");
    expect(chunks.pop()).toBe("data: [DONE]");
    const choices = chunks.map((chunk) => JSON.parse(chunk.slice("data: ".length)).choices[0]);
    expect(choices.at(-1)?.finish_reason).toBe("tool_calls");
    const calls = choices.flatMap((choice) => choice?.delta.tool_calls ?? []);
    expect(calls[0]).toMatchObject({ index: 0, type: "function", function: { name: "get_current_weather" } });
    expect(JSON.parse(calls.map((call) => call.function.arguments ?? "").join(""))).toEqual({
      location: "Boston, MA",
      unit: "celsius",
    });
    expect((await ollama.nextRequest("/api/chat")).body).toMatchObject({
      model: "llama3.1",
      keep_alive: "8m",
      tools: [{ function: { name: "get_current_weather" } }],
    });
  });

  it("fill-in-the-middle by the deployment's own model, which no name leads to", async () => {
    const { proxy, ollama } = await start();
    ollama.enqueue({ path: "/api/generate", recording: "generate-fim-stream" });
    const { choices } = await clientOf(proxy).completions.create({
      model: "ollama/llama3.1",
      prompt: "def add(a, b):\n    ",
      suffix: "\nprint(add(1, 2))",
    });
    expect(choices).toMatchObject([{ text: "return a + b\n", finish_reason: "stop" }]);
    expect((await ollama.nextRequest("/api/generate")).body).toMatchObject({
      model: "llama3.1",
      prompt: "def add(a, b):\n    ",
      suffix: "\nprint(add(1, 2))",
    });
  });

  it.skipIf(noPython)("fim.py", async () => {
    const { proxy, ollama } = await start();
    ollama.enqueue({ path: "/api/generate", recording: "generate-fim-stream" });
    expect(await runProgram(proxy, python, "fim.py")).toBe("return a + b\n\n");
  });

  it.skipIf(noPython)("json_schema.py: beta.chat.completions.parse", async () => {
    const { proxy, ollama } = await start();
    const answer = { steps: [{ explanation: "Subtract 7.", output: "8x = -30" }], final_answer: "x = -3.75" };
    ollama.enqueue({ chunks: [line({ content: JSON.stringify(answer) }), done()] });
    const parsed = "steps=[Step(explanation='Subtract 7.', output='8x = -30')] final_answer='x = -3.75'\n";
    expect(await runProgram(proxy, python, "json_schema.py")).toBe(parsed);
    expect((await ollama.nextRequest("/api/chat")).body).toMatchObject({
      model: "deepseek-r1",
      format: { required: ["steps", "final_answer"] },
    });
  });

  it.skipIf(noCurl)("vision.sh: a picture as bare base64", async () => {
    const { proxy, ollama } = await start();
    ollama.enqueue({ path: "/api/generate", recording: "generate-plain-stream" });
    ollama.enqueue({ recording: "chat-plain-stream" });
    const { choices } = JSON.parse(await runProgram(proxy, `${folder}vision.sh`));
    expect(choices[0].message.content).toBe(TEXT);
    const asked = ollama.requests.find(({ path }) => path === "/api/generate" || path === "/api/chat");
    expect(asked?.text).toContain('"images":["iVBORw0KGgo');
    expect(asked?.body).toMatchObject({ model: "llava" });
  });

  it("test.ts: the same as test.py", async () => {
    const { proxy, ollama } = await start();
    ollama.enqueue({ path: "/api/generate", recording: "generate-plain-stream" });
    expect(await runProgram(proxy, process.execPath, "test.ts")).toBe(`${TEXT}\n`);
    expect((await ollama.nextRequest("/api/generate")).body).toMatchObject({ model: "llama2" });
  });

  it.skipIf(noPython)("test.py: the module's own client, streaming", async () => {
    const { proxy, ollama } = await start();
    ollama.enqueue({ path: "/api/generate", recording: "generate-plain-stream" });
    expect(await runProgram(proxy, python, "test.py")).toBe(`${TEXT}\n`);
    expect((await ollama.nextRequest("/api/generate")).body).toMatchObject({ model: "llama2" });
  });
});

async function start(): Promise<{ readonly proxy: RunningCommand; readonly ollama: Emulator }> {
  const ollama = await startEmulator();
  onTestFinished(() => ollama.close());
  const proxy = await started(["--config", `${folder}config.yaml`, "--port", "0"], { OLLAMA_HOST: ollama.url });
  return { proxy, ollama };
}

function clientOf({ url }: RunningCommand): OpenAI {
  return new OpenAI({ baseURL: url, apiKey: "anything", maxRetries: 0 });
}

/** On the address that its clients use, as LiteLLM's documentation names it. */
async function runProgram({ url }: RunningCommand, command: string, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, PROXY_URL: url.replace("127.0.0.1", "0.0.0.0") };
  const { stdout } = await promisify(execFile)(command, args, { env, cwd: folder });
  return stdout;
}
