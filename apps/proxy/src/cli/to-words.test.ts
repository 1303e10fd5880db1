import { pino } from "pino";
import { expect, it } from "vitest";
import { toWords } from "./to-words.ts";

it.each([
  ["info", {}, "hello", "hello"],
  ["warn", { provider: "ollama", totalMs: 3 }, "call failed", "warning call failed provider=ollama totalMs=3"],
  ["debug", { headers: { a: "b" } }, "to upstream", 'to upstream headers={"a":"b"}'],
  [
    "info",
    {
      id: "i",
      method: "GET",
      route: "/x",
      status: 200,
      outcome: "finished",
      startedAt: 1,
      totalMs: 3.7,
      stream: false,
    },
    "request",
    "GET /x 200 4 ms id=i",
  ],
  [
    "info",
    { method: "GET", route: "/x", status: 499, outcome: "client_gone", totalMs: 3 },
    "request",
    "GET /x client gone 3 ms",
  ],
] as const)("%s %j %s", (level, fields, message, words) => {
  expect(inWords((logger) => logger[level](fields, message))).toMatch(/^\d\d:\d\d:\d\d /);
  expect(inWords((logger) => logger[level](fields, message)).slice(9)).toBe(words);
});

it("shows an error with its stack", () => {
  const words = inWords((logger) => logger.error({ err: new Error("why") }, "request failed"));
  expect(words).toMatch(/^\S+ error request failed\nError: why\n +at /);
});

function inWords(log: (logger: pino.Logger) => void): string {
  const lines: string[] = [];
  log(pino({ level: "debug" }, { write: (line: string) => void lines.push(line) }));
  return lines.map(toWords).join("\n");
}
