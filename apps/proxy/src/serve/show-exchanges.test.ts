import { startEmulator } from "@llamaduct/ollama-emulator";
import { createLlamaduct } from "llamaduct";
import { pino } from "pino";
import { expect, it } from "vitest";
import { type ExchangeDetail, exchangeDetail, showExchanges } from "./show-exchanges.ts";

const KEY = "sk-upstream-0123456789abcdef";

it("shows nothing unless it is asked to", async () => {
  expect(await logOf("none")).toEqual([]);
});

it("heads: what was sent where, and how it ended", async () => {
  const log = await logOf("heads");
  const about = ({ msg, method, url, status }: LogLine) => [msg, method, url?.replace(/^.*(?=\/api)/, ""), status];
  expect(log.filter(({ exchange }) => exchange === log.at(-1)?.exchange).map(about)).toEqual([
    ["to upstream", "POST", "/api/chat", undefined],
    ["from upstream", undefined, undefined, 200],
    ["upstream done", undefined, undefined, undefined],
  ]);
  expect(JSON.stringify(log)).not.toContain("a secret wish");
  expect(JSON.stringify(log)).not.toContain("llama jumps");
});

it("bodies: with everything, but no key", async () => {
  const log = await logOf("bodies");
  const sent = log.find(({ url }) => url?.endsWith("/api/chat"));
  expect(sent?.headers).toMatchObject({ authorization: "Bearer ***cdef" });
  expect(JSON.parse(sent?.body ?? "")).toMatchObject({ messages: [{ role: "user", content: "a secret wish" }] });
  const answer = log.filter(({ msg, exchange }) => msg === "from upstream" && exchange === sent?.exchange);
  expect(answer.map(({ body = "" }) => body).join("")).toContain('" llama"');
  expect(JSON.stringify(log)).not.toContain(KEY);
});

it("says why an upstream failed", async () => {
  const log: LogLine[] = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => void log.push(JSON.parse(line)) });
  const hide = showExchanges(logger, "heads");
  const engine = createLlamaduct({ settings: { ollama_chat: { baseURL: "http://127.0.0.1:1" } } });
  await expect(engine.listModels()).rejects.toThrow();
  hide();
  expect(log.at(-1)).toMatchObject({ msg: "upstream failed", err: { code: "upstream_connection_failed" } });
});

it.each([
  [{ debug: false, detailedDebug: false }, {}, "none"],
  [{ debug: true, detailedDebug: false }, {}, "heads"],
  [{ debug: true, detailedDebug: true }, {}, "bodies"],
  [{ debug: false, detailedDebug: false }, { LITELLM_LOG: "DEBUG" }, "bodies"],
  [{ debug: false, detailedDebug: false }, { LITELLM_LOG: "INFO" }, "none"],
])("%j with %j shows %s", (options, environment, detail) => {
  expect(exchangeDetail(options, environment)).toBe(detail);
});

interface LogLine {
  readonly msg: string;
  readonly exchange?: string;
  readonly method?: string;
  readonly url?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Of one chat. */
async function logOf(detail: ExchangeDetail): Promise<readonly LogLine[]> {
  await using ollama = await startEmulator();
  const log: LogLine[] = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => void log.push(JSON.parse(line)) });
  const hide = showExchanges(logger, detail);
  const engine = createLlamaduct({ settings: { ollama_chat: { baseURL: ollama.url, apiKey: KEY } } });
  await engine.completion({ model: "plain", messages: [{ role: "user", content: "a secret wish" }] });
  hide();
  const count = log.length;
  await engine.completion({ model: "plain", messages: [{ role: "user", content: "hi" }] });
  expect(log.length).toBe(count);
  return log;
}
