// What people put into a page or a worker: bundled as they would, run where nothing is Node's.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { startEmulator } from "@llamaduct/ollama-emulator";
import { expect, it } from "vitest";

/** The esbuild that tsup brings. */
const require = createRequire(import.meta.url);
const esbuild: {
  build(options: object): Promise<{ readonly outputFiles: readonly { readonly text: string }[] }>;
} = createRequire(require.resolve("tsup"))("esbuild");

const PAGE = `
  import { applyMiddleware, collect } from "@llamaduct/core";
  import { jsonToolCalls } from "@llamaduct/json-tool-calls";
  import { createOllamaChat } from "@llamaduct/ollama-chat";
  import { createOllamaGenerate } from "@llamaduct/ollama-generate";
  import { createOpenAICompatible } from "@llamaduct/openai-compatible";
  import { createEventEncoder, decodeChatRequest, toChatCompletion } from "@llamaduct/openai-dialect";
  import { fromFetch } from "@llamaduct/http";

  /** OpenAI's JSON to an Ollama server and back. */
  export async function ask(baseURL, body) {
    const decoded = decodeChatRequest(body);
    const model = createOllamaChat({ baseURL, transport: fromFetch(fetch) }).chatModel(decoded.model);
    const completion = await collect(applyMiddleware(model, [jsonToolCalls()]).stream(decoded.request));
    return toChatCompletion([completion], { ...decoded, id: "chatcmpl-1", created: 0 });
  }

  /** Without a transport: the page's own fetch. */
  export async function askPlainly(baseURL, prompt) {
    const { content } = await collect(createOllamaGenerate({ baseURL }).textModel("plain").stream({ prompt }));
    return content;
  }

  export const others = [createEventEncoder, createOpenAICompatible];
`;

it.each(["browser", "neutral"])(
  "adapters and dialect are bundled for platform %s and run without Node",
  async (platform) => {
    await using emulator = await startEmulator();
    const code = await bundle(platform);
    expect(code).not.toMatch(/\bundici\b|["'`]node:(?!buffer)/);
    const { page } = runInContext(`${code}; ({ page })`, createContext(webGlobals()));
    const answer = await page.ask(emulator.url, { model: "plain", messages: [{ role: "user", content: "hi" }] });
    expect(answer.choices[0].message.content).toBe("The quick brown llama jumps over the lazy alpaca.");
    const tools = [{ type: "function", function: { name: "get_weather", parameters: { type: "object" } } }];
    const called = await page.ask(emulator.url, { model: "tools", messages: [{ role: "user", content: "hi" }], tools });
    expect(called.choices[0].message.tool_calls[0].type).toBe("function");
    expect(JSON.stringify(await page.askPlainly(emulator.url, "hi"))).toContain("llama");
    expect(emulator.requests.map(({ path }) => path)).toContain("/api/generate");
  },
);

async function bundle(platform: string): Promise<string> {
  const { outputFiles } = await esbuild.build({
    stdin: { contents: PAGE, resolveDir: fileURLToPath(new URL("..", import.meta.url)) },
    bundle: true,
    write: false,
    platform,
    format: "iife",
    globalName: "page",
    // A bundler for workers that is no browser's says what it is; the sources stand for the built files.
    conditions: ["@llamaduct/source", ...(platform === "neutral" ? ["worker"] : [])],
    mainFields: ["module", "main"],
  });
  return outputFiles.map(({ text }) => text).join("");
}

/** What pages and workers have alike. */
function webGlobals(): object {
  const { fetch, URL, Headers, Request, Response, ReadableStream, TextDecoder, TextEncoder } = globalThis;
  const { AbortController, AbortSignal, DOMException, Event, EventTarget, crypto, performance, atob, btoa } =
    globalThis;
  const { setTimeout, clearTimeout, queueMicrotask, structuredClone, console } = globalThis;
  const web = { fetch, URL, Headers, Request, Response, ReadableStream, TextDecoder, TextEncoder };
  const events = { AbortController, AbortSignal, DOMException, Event, EventTarget, crypto, performance, atob, btoa };
  return { ...web, ...events, setTimeout, clearTimeout, queueMicrotask, structuredClone, console };
}
