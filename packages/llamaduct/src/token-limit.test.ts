import { type Batch, type ChatRequest, EncodedText, type StreamModel, type StreamPart } from "@llamaduct/core";
import { expect, it } from "vitest";
import { tokenLimit } from "./token-limit.ts";

const START: StreamPart = { type: "start", modelId: "m", warnings: [] };
const FINISH: StreamPart = { type: "finish", reason: "stop", usage: { inputTokens: 1, outputTokens: 2 } };
const LENGTH = { type: "finish", reason: "length", usage: { inputTokens: undefined, outputTokens: 2 } };
const text = (text: string): StreamPart => ({ type: "text-delta", text });
const reasoning = (text: string): StreamPart => ({ type: "reasoning-delta", text });
const call = (id: string, ...deltas: readonly string[]): StreamPart[] => [
  { type: "tool-call-start", id, name: "f" },
  ...deltas.map((argumentsDelta): StreamPart => ({ type: "tool-call-delta", id, argumentsDelta })),
];

interface Played {
  readonly batches: readonly Batch[];
  /** All but the first, the warning and what has no text. */
  readonly said: readonly StreamPart[];
  readonly hasLeft: boolean;
}

async function play(batches: readonly Batch[], maxOutputTokens: number | undefined): Promise<Played> {
  let hasLeft = true;
  const model: StreamModel<ChatRequest> = {
    provider: "p",
    modelId: "m",
    capabilities: () => {
      throw new Error("Nobody asks.");
    },
    async *stream() {
      yield [START];
      yield* batches;
      hasLeft = false;
    },
  };
  const seen: Batch[] = [];
  const request = { messages: [], settings: { maxOutputTokens } };
  for await (const batch of tokenLimit<ChatRequest>()(model).stream(request)) seen.push(batch);
  const said = seen.flatMap((batch) => [...batch]).filter(({ type }) => type !== "start" && type !== "warning");
  return { batches: seen.slice(1), said, hasLeft };
}

it("B17: ends an upstream that goes on after so many tokens, and leaves it", async () => {
  const batches = [[text("aa")], [text("bb")], [text("cc")], [FINISH]];
  const { said, hasLeft, batches: seen } = await play(batches, 2);
  expect(said).toEqual([text("aa"), text("bb"), LENGTH]);
  expect(hasLeft).toBe(true);
  expect([...(seen.at(-1) ?? [])][0]).toMatchObject({ warning: { setting: "settings.maxOutputTokens" } });
});

it("B17: cuts a batch, decoded or not", async () => {
  expect((await play([[text("aa"), text("bb"), text("cc")]], 2)).said).toEqual([text("aa"), text("bb"), LENGTH]);
  const encoded = await play([new EncodedText(["aa", "bb", "cc"])], 2);
  expect(encoded.said).toEqual([text("aa"), text("bb"), LENGTH]);
  expect(encoded.batches[0]).toBeInstanceOf(EncodedText);
});

it.each<[why: string, batches: readonly Batch[]]>([
  ["it ends there by itself", [[text("aa"), text("bb"), FINISH]]],
  ["a token ends the reasoning and begins the text", [[reasoning("aa")], [reasoning("bb"), text("cc")], [FINISH]]],
  ["calls come whole", [[text("aa")], [...call("1", "{}"), ...call("2", "{}")], [FINISH]]],
  ["logprobs are about tokens", [[text("aa"), { type: "logprobs", tokens: [] }, text("bb")], [FINISH]]],
])("B17: touches nothing when %s", async (_, batches) => {
  const { batches: seen, hasLeft } = await play(batches, 2);
  expect(seen).toEqual(batches);
  for (const [index, batch] of seen.entries()) expect(batch).toBe(batches[index]);
  expect(hasLeft).toBe(false);
});

it("B17: a call is not begun with the token that is one too many", async () => {
  expect((await play([[text("aa")], [text("bb")], call("1", "{}")], 2)).said).toEqual([text("aa"), text("bb"), LENGTH]);
  const [first, ...others] = call("1", '{"', '":', "11");
  const begun = await play([[first, others[0]], [others[1]], [others[2]]] as Batch[], 2);
  expect(begun.said).toEqual([...call("1", '{"', '":'), LENGTH]);
});

it.each<[spelling: string, batches: readonly Batch[]]>([
  ["decoded", Array.from("streamed é", text).map((part) => [part])],
  ["as literals", [new EncodedText([..."streamed ", "\xc3\xa9", "\\n", "\\u003c"])]],
  ["in arguments", call("1", ...'{"a":"b"}').map((part) => [part])],
])("B17: a gateway that sends letter by letter is not cut within its words (%s)", async (_, batches) => {
  const { batches: seen } = await play([...batches, [FINISH]], 3);
  expect(seen).toEqual([...batches, [FINISH]]);
});

it("no limit, no layer", async () => {
  const endless = Array.from({ length: 1000 }, () => [text("aa")]);
  expect((await play([...endless, [FINISH]], undefined)).said).toHaveLength(1001);
});
