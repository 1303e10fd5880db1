import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { findPython } from "./find-python.ts";
import {
  ANSWER,
  asked,
  chats,
  DAY,
  demandedCall,
  enqueue,
  modelKinds,
  TIME,
  VERDICT,
  verdict,
  WEATHER,
} from "./model-kinds.ts";
import { startProxy } from "./start-proxy.ts";

const script = fileURLToPath(new URL("python/openai_client.py", import.meta.url));
let found: Awaited<ReturnType<typeof findPython>>;
beforeAll(async () => {
  found = await findPython();
}, 200_000);

describe.each(modelKinds)("openai-python with a $name model", ({ name, turns, verdictBesideTools, asksFor }) => {
  it("parses answers and calls, whole and streamed", { timeout: 60_000 }, async ({ skip }) => {
    if ("reason" in found) {
      // The reporter keeps the reason to itself.
      process.stderr.write(`skipped: ${found.reason}\n`);
      return skip(found.reason);
    }
    const { baseURL, emulator } = await startProxy();
    enqueue(emulator, [verdict, turns.calls, demandedCall, demandedCall, ...verdictBesideTools, verdict]);
    enqueue(emulator, [turns.call, turns.answer]);
    const { stdout } = await promisify(execFile)(found.python, [script, baseURL, name]);
    expect(JSON.parse(stdout)).toEqual({
      parsed: VERDICT,
      calls: [TIME, DAY],
      demanded: [[WEATHER], [WEATHER]],
      parsed_beside_tools: VERDICT,
      stream: { parsed: VERDICT, events: expect.arrayContaining(["content.delta", "content.done"]) },
      conversation: {
        call: [WEATHER],
        finish: "tool_calls",
        events: expect.arrayContaining(["tool_calls.function.arguments.delta", "tool_calls.function.arguments.done"]),
        answer: ANSWER,
      },
    });
    expect(asked(emulator)).toEqual([
      "grammar",
      asksFor,
      "grammar",
      "grammar",
      ...(asksFor === "tools" ? ["tools", "grammar"] : ["grammar"]),
      "grammar",
      asksFor,
      asksFor,
    ]);
    expect(JSON.stringify(chats(emulator).at(-1))).toContain("cold");
  });
});
