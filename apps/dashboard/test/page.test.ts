import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { type PageServerOptions, startPage } from "./start-page.ts";

const KEY = "sk-test-key";
/** Less than a test has, so that what was waited for is named. */
const PATIENCE_MS = 10_000;
const browserPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const skipped = browserPath === undefined ? " (skipped: no Chromium in /usr/bin)" : "";

vi.setConfig({ testTimeout: 3 * PATIENCE_MS });

describe.skipIf(browserPath === undefined)(`the page, in Chromium${skipped}`, () => {
  let folder: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "llamaduct-page-"));
    const root = fileURLToPath(new URL("..", import.meta.url));
    await build({ root, logLevel: "warn", build: { outDir: folder, emptyOutDir: true } });
    // Root in a container has no sandbox to offer.
    browser = await chromium.launch({ executablePath: browserPath ?? "", args: ["--no-sandbox"] });
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  /** Opens it; a script error, a violation of its policy, or a request elsewhere fails the test. */
  async function open(server: Omit<PageServerOptions, "folder"> = {}, context: BrowserContextOptions = {}) {
    const served = await startPage({ folder, ...server });
    const page = await browser.newPage(context);
    page.setDefaultTimeout(PATIENCE_MS);
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(`${served.url}/`)) faults.push(`asks ${request.url()}`);
    });
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
        faults.push(message.text());
    });
    onTestFinished(async () => {
      await page.close();
      await served[Symbol.asyncDispose]();
      expect(faults).toEqual([]);
    });
    await page.goto(`${served.url}/`);
    return { ...served, page };
  }

  async function ask(page: Page, model: string, message = "hi"): Promise<void> {
    await page.getByLabel("Model", { exact: true }).selectOption(model);
    await page.getByLabel("Message").fill(message);
    await page.getByRole("button", { name: "Ask" }).click();
  }

  const answer = (page: Page) => page.getByRole("region", { name: "Answer" });
  const told = (page: Page, text: string) => page.getByRole("status").getByText(text).waitFor();

  it("weighs less than 30 kB, compressed", () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const sizes = files.map(({ parentPath, name }) => gzipSync(readFileSync(join(parentPath, name))).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(30_000);
  });

  it("wants the key, says when it is wrong, and keeps the right one for the tab", async () => {
    const { page } = await open({ masterKey: KEY });
    const field = page.getByLabel("The proxy's key");
    await field.fill("sk-wrong");
    await field.press("Enter");
    await page.getByText("The key is not one of this proxy's.").waitFor();
    await field.fill(KEY);
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByText("1.2.3 · up 1 d 2 h").waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Hosts" }).waitFor();
    await page.getByRole("button", { name: "Forget key" }).click();
    await field.waitFor();
    expect(await page.evaluate("sessionStorage.length")).toBe(0);
  });

  it("shows hosts, what is loaded on them and until when, what is in flight and waits", async () => {
    const { page, states } = await open();
    states.push(
      {
        ...{ id: "a", group: "small", model: "ollama_chat/plain", apiBase: "http://gpu-a:11434", healthy: true },
        ...{ inFlight: 3, queued: 2, seenAt: Date.now() - 3_750_000 },
        loaded: [{ id: "plain:latest", contextLength: 8192, until: Date.now() + 7_530_000 }],
        loading: [{ id: "large:70b", forMs: 61_000 }],
      },
      {
        ...{ id: "b", group: "small", model: "ollama_chat/plain", apiBase: "http://gpu-b:11434", healthy: false },
        ...{ reason: "It refuses connections.", inFlight: 0, queued: 0 },
      },
    );
    const table = page.getByRole("table");
    await table.getByText("http://gpu-a:11434").waitFor();
    const rows = (await table.getByRole("row").allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " "));
    const host = "up http://gpu-a:11434 answered 1 h 2 min ago";
    expect(rows[1]).toBe(`${host} large:70b · loading for 1 min 1 s plain:latest · 8,192 tokens · 2 h 5 min left`);
    expect(rows[2]).toBe("small ollama_chat/plain 3 2 ready");
    expect(rows[3]).toBe("down http://gpu-b:11434 has not answered yet");
    expect(rows.slice(4)).toEqual(["small ollama_chat/plain 0 0 down", "It refuses connections."]);
    await page.getByRole("definition").first().getByText("3").waitFor();
  });

  it("shows an answer token by token, and cancels it upstream", async () => {
    const { page, emulator } = await open();
    emulator.enqueue({ fault: { silenceAfterChunks: 2 } });
    await ask(page, "plain:latest");
    await answer(page).getByText("The quick", { exact: true }).waitFor();
    await told(page, "Writing…");
    const { ended } = await emulator.nextRequest("/api/chat");
    await page.getByRole("button", { name: "Cancel" }).click();
    await told(page, "Cancelled");
    expect(await ended).toBe("aborted");
    expect(await answer(page).textContent()).toBe("The quick");
  });

  it("shows a whole answer with who gave it, its tokens and its time; the charts move", async () => {
    const { page } = await open();
    const chart = page.getByRole("img", { name: "Requests a minute" });
    await page.getByRole("img", { name: "0 now, 0 at most" }).first().waitFor();
    const before = await chart.locator("path.line").getAttribute("d");
    await ask(page, "plain:latest");
    await told(page, "Done");
    expect(await answer(page).textContent()).toBe("The quick brown llama jumps over the lazy alpaca.");
    await page.getByText(/ollama_chat\/plain:latest · first token \d\.\d\d s · \d+ tokens in · 11 out$/).waitFor();
    await page.getByRole("img", { name: "Requests a minute in the last half hour: 1 now, 1 at most" }).waitFor();
    await page.getByRole("img", { name: /^Tokens a second.*: [0-9.]*[1-9]/ }).waitFor();
    expect(await chart.locator("path.line").getAttribute("d")).not.toBe(before);
  });

  it("shows an error with its code, before the answer and in the middle of it, and in the list", async () => {
    const { page, emulator } = await open();
    emulator.enqueue({ status: 503, chunks: ['{"error":"server busy"}'] });
    await ask(page, "plain:latest");
    const failure = page.getByRole("alert");
    await failure.getByText(/^503 · upstream_busy · /).waitFor();
    await page.getByRole("listitem").getByText("503").waitFor();
    emulator.enqueue({ fault: { errorAfterChunks: 2, message: "out of memory" } });
    await page.getByRole("button", { name: "Ask" }).click();
    await failure.getByText(/^200 · upstream_error · /).waitFor();
    expect(await answer(page).textContent()).toBe("The quick");
    expect(await page.content()).not.toContain("out of memory");
  });

  it("sends tools and a schema, and says what is wrong with them", async () => {
    const { page, emulator } = await open();
    await page.getByLabel("Tools", { exact: true }).check();
    await page.getByLabel("Tools, JSON").fill("[{");
    await page.getByRole("status").getByText(/JSON/).waitFor();
    expect(await page.getByRole("button", { name: "Ask" }).isDisabled()).toBe(true);
    await page.getByLabel("Tools", { exact: true }).uncheck();
    await page.getByLabel("Tools", { exact: true }).check();
    await ask(page, "tools:latest", "What is the weather in Paris?");
    await page.getByText(/^get_current_weather\(\{"location":"Boston, MA",/).waitFor();
    expect((await emulator.nextRequest("/api/chat")).body).toHaveProperty("tools.0.function.name", "get_weather");
    await page.getByLabel("Tools", { exact: true }).uncheck();
    await page.getByLabel("Schema of the answer", { exact: true }).check();
    await page.getByRole("button", { name: "Ask" }).click();
    expect((await emulator.nextRequest("/api/chat")).body).toHaveProperty("format.properties.confidence");
  });

  it("has code for every client, with the chosen model and without the key", async () => {
    const { page, url } = await open({ masterKey: KEY });
    await page.getByLabel("The proxy's key").fill(KEY);
    await page.keyboard.press("Enter");
    await page.getByLabel("Model", { exact: true }).selectOption("plain:latest");
    for (const client of ["curl", "Node", "Python", "LangChain", "AI SDK", "Continue"]) {
      await page.getByRole("radio", { name: client }).check({ force: true });
      const code = await page.locator("pre code").textContent();
      expect(code).toContain(`${url}/v1`);
      expect(code).toContain("plain:latest");
      expect(code).not.toContain(KEY);
    }
    await page.getByRole("radio", { name: "Open WebUI" }).check({ force: true });
    expect(await page.locator("pre code").textContent()).toContain("http://host.docker.internal:");
  });

  it("copies code, and selects it where there is no clipboard", async () => {
    const { page } = await open({}, { permissions: ["clipboard-read", "clipboard-write"] });
    await page.getByRole("radio", { name: "Python" }).check({ force: true });
    const code = await page.locator("pre code").getByText("from openai import").textContent();
    await page.getByRole("button", { name: "Copy" }).click();
    await told(page, "Copied");
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(code);
    await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    await page.getByRole("button", { name: "Copied" }).click();
    await told(page, "Selected: copy it with Ctrl C");
    expect(await page.evaluate("getSelection().toString()")).toBe(code);
  });

  it("works below a path, and asks for nothing above it", async () => {
    const { page, url } = await open({ rootPath: "/llm" });
    await ask(page, "plain:latest");
    await told(page, "Done");
    expect(await page.locator("pre code").textContent()).toContain(`curl ${url}/v1/chat/completions`);
  });

  it("says when the proxy is gone, and keeps what it knew", async () => {
    const { page } = await open();
    await page.getByRole("heading", { name: "Hosts" }).waitFor();
    await page.route("**/status.json", (route) => route.abort());
    await told(page, "The proxy does not answer. This is how it was at");
    expect(await page.getByRole("heading", { name: "Hosts" }).isVisible()).toBe(true);
    await page.unroute("**/status.json");
    await page.getByText("The proxy does not answer.").waitFor({ state: "detached" });
  });

  it("says so, too, when the proxy hangs, and asks it once however often somebody comes back", async () => {
    const { page } = await open();
    await page.getByRole("heading", { name: "Hosts" }).waitFor();
    let asked = 0;
    await page.route("**/status.json", () => void asked++);
    await expect.poll(() => asked, { timeout: PATIENCE_MS }).toBe(1);
    await page.evaluate("for (const _ of [1, 2]) document.dispatchEvent(new Event('visibilitychange'))");
    await told(page, "The proxy does not answer. This is how it was at");
    expect(asked).toBe(1);
  });

  it.each<[string, BrowserContextOptions]>([
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["at phone width", { viewport: { width: 360, height: 740 } }],
  ])("breaks no rule of accessibility and nothing sticks out, %s", async (_, context) => {
    const { page, states, record } = await open({}, context);
    states.push({
      ...{ id: "a", group: "a-rather-long-name-of-a-model-group:70b-instruct-q4_K_M", model: "ollama_chat/plain" },
      ...{ apiBase: "http://gpu-a.machines.example.internal:11434", healthy: false, inFlight: 3, queued: 2 },
      ...{ reason: "It refuses connections.", loaded: [{ id: "plain:latest", contextLength: 8192 }] },
    });
    record({
      ...{ id: "r", method: "POST", route: "/v1/chat/completions", status: 502, outcome: "failed", stream: true },
      ...{ errorCode: "upstream_connection_failed", errorMessage: "The host refuses connections.", totalMs: 3 },
      startedAt: Date.now(),
    });
    await page.getByText("The host refuses connections.").waitFor();
    await page.getByLabel("Tools", { exact: true }).check();
    await ask(page, "plain:latest");
    await told(page, "Done");
    await page.evaluate(axe.source);
    const { violations } = (await page.evaluate("axe.run()")) as axe.AxeResults;
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
  });

  it("breaks names between their parts at phone width, and shows all of a tool call", async () => {
    const { page, states } = await open({}, { viewport: { width: 360, height: 740 } });
    const names = { id: "a", group: "small", model: "ollama_chat/llama3.2:latest", apiBase: "http://gpu-a" };
    states.push({ ...names, healthy: true, inFlight: 0, queued: 0 });
    await page.getByRole("rowheader", { name: "ollama_chat/llama3.2:latest" }).waitFor();
    await page.getByLabel("Tools", { exact: true }).check();
    await ask(page, "tools:latest");
    await told(page, "Done");
    const { lines, overflow } = await page.evaluate<{ lines: number[]; overflow: number }>(`(() => {
      const call = document.querySelector(".call");
      const parts = [...document.querySelector(".hosts .detail").childNodes].filter(({ nodeType }) => nodeType === 3);
      const lines = parts.map((part) => {
        const range = document.createRange();
        range.selectNode(part);
        return range.getClientRects().length;
      });
      return { lines, overflow: call.scrollWidth - call.clientWidth };
    })()`);
    expect(lines).toEqual([1, 1, 1]);
    expect(overflow).toBe(0);
  });

  it("is dark where the reader's system is", async () => {
    const ground = async (colorScheme: "light" | "dark") => {
      const { page } = await open({}, { colorScheme });
      return page.evaluate("getComputedStyle(document.body).backgroundColor");
    };
    expect(await ground("light")).toBe("rgb(246, 245, 242)");
    expect(await ground("dark")).toBe("rgb(22, 20, 18)");
  });

  it("can be used with the keyboard alone", async () => {
    const { page } = await open();
    await page.getByLabel("Message").fill("hi");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("button", { name: "Cancel" }).or(page.getByRole("status").getByText("Done")).first().waitFor();
    await page.getByRole("radio", { name: "curl" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.locator("pre code").getByText('from "openai"').first().waitFor();
  });
});
