import { describe, expect, it } from "vitest";
import { startEngine } from "../test/start-engine.ts";

const tool = (name: string) => ({ type: "function", function: { name } }) as const;
const tools = [tool("get_current_weather"), tool("get_time"), tool("get_day")];
const messages = [{ role: "user", content: "hi" }] as const;

describe("A6, A7: a streamed answer adds up to the whole one", () => {
  it.each(["tools", "multitools", "tagcall", "thinkcall", "native", "prosecall", "thinker", "plain", "leaky"])(
    "%s",
    async (model) => {
      const { engine } = await startEngine();
      const [whole] = (await engine.completion({ model, messages, tools })).choices;
      const calls: { name: string; arguments: string }[] = [];
      let text = "";
      let reasoning = "";
      let reason: string | null = null;
      for await (const { choices } of await engine.completion({ model, messages, tools, stream: true })) {
        const [choice] = choices;
        text += choice?.delta.content ?? "";
        reasoning += choice?.delta.reasoning_content ?? "";
        reason = choice?.finish_reason ?? reason;
        for (const { index, function: piece } of choice?.delta.tool_calls ?? []) {
          calls[index] ??= { name: piece.name ?? "", arguments: "" };
          calls[index].arguments += piece.arguments;
        }
      }
      expect(text).toBe(whole?.message.content ?? "");
      expect(reasoning).toBe(whole?.message.reasoning_content ?? "");
      expect(calls).toEqual((whole?.message.tool_calls ?? []).map((call) => call.function));
      expect(reason).toBe(whole?.finish_reason);
      if (/call|tools|native/.test(model)) expect(calls.length).toBeGreaterThan(0);
      for (const call of calls) expect(Object.keys(JSON.parse(call.arguments)).length).toBeGreaterThan(0);
    },
  );
});
