import {
  applyMiddleware,
  type Batch,
  type ChatRequest,
  collect,
  commit,
  type JsonObject,
  ProviderError,
  type ResponseFormat,
  type StreamPart,
  type TextRequest,
} from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { play, run } from "../test/run.ts";
import {
  call,
  callArguments,
  callStart,
  finish,
  hello,
  reasoning,
  says,
  scriptedModel,
  start,
  text,
} from "../test/scripted-model.ts";
import { endAfterJson } from "./end-after-json.ts";
import { structuredOutput } from "./structured-output.ts";

const schema: JsonObject = {
  type: "object",
  properties: { answer: { type: "string" }, score: { enum: [1, 2, 3] } },
  required: ["answer"],
};
const loose: ResponseFormat = { type: "json", schema };
const strict: ResponseFormat = { type: "json", schema, strict: true };
const tools: ChatRequest["tools"] = [{ name: "now", parameters: { type: "object" } }];
const good = '{"answer":"yes"}';
const bad = '{"answer":"yes","score":7}';

const joined = (parts: readonly StreamPart[]) =>
  parts.map((part) => (part.type === "text-delta" ? part.text : "")).join("");

describe("requests", () => {
  it.each([undefined, { type: "text" }] as const)("that ask for no JSON pass untouched: %j", async (responseFormat) => {
    const script = says(`{}${" ".repeat(500)}`);
    const model = play(script);
    const request = { ...hello, tools, responseFormat };
    const seen: Batch[] = [];
    for await (const batch of applyMiddleware(model, [structuredOutput()]).stream(request)) seen.push(batch);
    expect(model.requests[0]).toBe(request);
    for (const [index, batch] of seen.entries()) expect(batch).toBe(script[index]);
  });

  it("G1: carry the schema on, and its absence", async () => {
    const model = play(says(good), says(good));
    await run(model, { responseFormat: loose });
    await run(model, { responseFormat: { type: "json" } });
    expect(model.requests.map(({ responseFormat }) => responseFormat)).toEqual([loose, { type: "json" }]);
  });

  it("G6: carry a schema that engines take, while the caller's own is enforced", async () => {
    const email = { type: "string", pattern: "^[^@]+@[^@]+$" };
    const format: ResponseFormat = {
      type: "json",
      strict: true,
      schema: {
        $schema: "http://json-schema.org/draft-07/schema#",
        type: "object",
        properties: { email, any: true, none: false },
      },
    };
    const model = play(says('{"email":"a@b"}'), says('{"email":"ab"}'), says('{"none":1}'));
    expect((await run(model, { responseFormat: format })).error).toBeUndefined();
    expect(model.requests[0]?.responseFormat).toEqual({
      type: "json",
      strict: true,
      schema: { type: "object", properties: { email: { type: "string" }, any: {}, none: {} } },
    });
    expect((await run(model, { responseFormat: format })).error).toMatchObject({ code: "upstream_error" });
    expect((await run(model, { responseFormat: format })).error).toMatchObject({ code: "upstream_error" });
  });

  it("with a schema that is none fail before anything is asked", async () => {
    const model = play();
    const { error } = await run(model, { responseFormat: { type: "json", strict: true, schema: { type: "zork" } } });
    expect(error).toMatchObject({ code: "invalid_value", setting: "responseFormat.schema" });
    expect(model.requests).toHaveLength(0);
  });

  it("pass signal and headers on, to every attempt", async () => {
    const model = play(says("prose"), says(bad), says(good));
    const options = { headers: { a: "b" } };
    const wrapped = applyMiddleware(model, [structuredOutput({ repairs: 1 })]);
    await collect(wrapped.stream({ ...hello, tools, responseFormat: strict }, options));
    expect(model.calls).toEqual([options, options, options]);
  });

  it("may be a text model's", async () => {
    const model = scriptedModel<TextRequest>([says(bad), says(good)]);
    const wrapped = applyMiddleware(model, [structuredOutput<TextRequest>({ repairs: 1 })]);
    const { content } = await collect(wrapped.stream({ prompt: "hi", responseFormat: strict }));
    expect(content).toEqual([{ type: "text", text: good }]);
    expect(model.requests.map(({ prompt }) => prompt)).toEqual(["hi", "hi"]);
  });
});

describe("G4: a strict answer", () => {
  it("that holds its schema streams, its batches untouched", async () => {
    const script = says('{"answer"', ':"yes"}');
    const { batches } = await run(play(script), { responseFormat: strict });
    expect(batches).toHaveLength(4);
    for (const [index, batch] of batches.entries()) expect(batch).toBe(script[index]);
  });

  it("that does not ends in an error that names the place, its text delivered before", async () => {
    const { parts, error } = await run(play(says(bad)), { responseFormat: strict });
    expect(parts).toEqual([start, text(bad)]);
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({
      code: "upstream_error",
      setting: "responseFormat",
      message: "The answer breaks its schema at /score: must be equal to one of the allowed values.",
    });
  });

  it("that is whole in one batch is delivered before the error all the same", async () => {
    const { parts, error } = await run(play([[start, text("prose"), finish()]]), { responseFormat: strict });
    expect(parts).toEqual([start, text("prose")]);
    expect(error).toMatchObject({ message: "The answer is not JSON." });
  });

  it.each(["length", "content-filter"] as const)("that was cut short (%s) says so by its finish", async (reason) => {
    const { parts, error } = await run(play([[start], [text('{"ans')], [finish(reason)]]), { responseFormat: strict });
    expect(error).toBeUndefined();
    expect(parts.at(-1)).toEqual(finish(reason));
  });

  it("that is a call has no text to validate", async () => {
    const model = scriptedModel([[[start], [text("Wait.")], call, [finish("tool-calls")]]], { tools: "none" });
    const { error } = await run(model, { responseFormat: strict, tools });
    expect(error).toBeUndefined();
  });

  it("is not validated unless it is strict", async () => {
    const { parts, error } = await run(play(says(bad)), { responseFormat: loose });
    expect(error).toBeUndefined();
    expect(joined(parts)).toBe(bad);
  });
});

describe("G4: a repair", () => {
  it("asks once more, says what was wrong, and gives one answer that cost both", async () => {
    const model = play(says(bad), says(good));
    const { parts, error } = await run(model, { responseFormat: strict }, { repairs: 1 });
    expect(error).toBeUndefined();
    expect(parts).toEqual([start, text(good), finish("stop", { inputTokens: 20, outputTokens: 10 })]);
    expect(model.requests[1]).toEqual({
      ...model.requests[0],
      messages: [
        ...hello.messages,
        { role: "assistant", content: [{ type: "text", text: bad }] },
        {
          role: "user",
          content: [
            {
              type: "text",
              text: "This answer breaks its schema at /score: must be equal to one of the allowed values. Answer again with JSON that holds the schema, and nothing else.",
            },
          ],
        },
      ],
    });
  });

  it("is not needed for an answer that is right", async () => {
    const model = play(says('{"answer"', ':"yes"}'));
    const { parts } = await run(model, { responseFormat: strict }, { repairs: 1 });
    expect(parts).toEqual([start, text('{"answer"'), text(':"yes"}'), finish()]);
    expect(model.requests).toHaveLength(1);
  });

  it("that fails too ends in the error", async () => {
    const { parts, error } = await run(
      play(says(bad), [[start], [finish()]]),
      { responseFormat: strict },
      { repairs: 1 },
    );
    expect(parts).toEqual([start]);
    expect(error).toMatchObject({ code: "upstream_error", message: "The answer is not JSON." });
  });

  it("leaves the way open for another deployment until it has answered", async () => {
    const down = new ProviderError({ code: "upstream_busy", message: "Busy." });
    const wrapped = applyMiddleware(play(says(bad), [down]), [structuredOutput({ repairs: 1 })]);
    await expect(commit(wrapped.stream({ ...hello, responseFormat: strict }))).rejects.toBe(down);
  });

  it("keeps each warning once, wherever it came from", async () => {
    const warning = (setting: string) => ({ setting, message: "No effect." });
    const begin = (...settings: string[]): StreamPart => ({
      type: "start",
      modelId: "m",
      warnings: settings.map(warning),
    });
    const model = play(
      [[begin("a")], [text("x"), { type: "warning", warning: warning("b") }], [finish()]],
      [[begin("a", "b", "c")], [text(good)], [finish()]],
    );
    const { parts } = await run(model, { responseFormat: strict }, { repairs: 1 });
    const warned = parts.flatMap((part) =>
      part.type === "start" ? part.warnings : part.type === "warning" ? [part.warning] : [],
    );
    expect(warned.map(({ setting }) => setting)).toEqual(["a", "b", "c"]);
  });

  it("does not make up a sum of which a part is unknown", async () => {
    const unknown = { inputTokens: undefined, outputTokens: 3 };
    const measured = { ...finish(), usage: unknown, timings: { inputMs: 1, outputMs: 2 } };
    const model = play(
      [[start], [text(bad)], [measured]],
      [[start], [text(good)], [{ ...measured, usage: { inputTokens: 1, outputTokens: 4 } }]],
    );
    const { parts } = await run(model, { responseFormat: strict }, { repairs: 1 });
    expect(parts.at(-1)).toEqual({
      ...finish("stop"),
      usage: { inputTokens: undefined, outputTokens: 7 },
      timings: { inputMs: 2, outputMs: 4 },
    });
  });
});

describe("G3: thinking and a schema", () => {
  it.each([0, 1] as const)("give reasoning, then JSON (repairs: %i)", async (repairs) => {
    const script: readonly Batch[] = [[start], [reasoning("Hm.")], [reasoning(" So.")], [text(good)], [finish()]];
    const { batches } = await run(play(script), { responseFormat: strict, reasoning: true }, { repairs });
    expect(batches.flatMap((batch) => [...batch])).toEqual(script.flat());
    expect(batches[1]).toEqual([reasoning("Hm.")]);
  });

  it.each([false, "none"] as const)(
    "is repaired with thinking as the model likes when %s lost the schema",
    async (off) => {
      const model = play(says("Sure, yes."), says(good));
      const { error } = await run(model, { responseFormat: strict, reasoning: off }, { repairs: 1 });
      expect(error).toBeUndefined();
      expect(model.requests.map((request) => request.reasoning)).toEqual([off, undefined]);
    },
  );

  it("keeps any other thinking in a repair", async () => {
    const model = play(says("Sure, yes."), says(good));
    await run(model, { responseFormat: strict, reasoning: "high" }, { repairs: 1 });
    expect(model.requests[1]?.reasoning).toBe("high");
  });
});

describe("G5: whitespace without end", () => {
  const endless: readonly Batch[] = [
    [start],
    [text(good)],
    ...Array.from({ length: 500 }, () => [text("\n")]),
    [finish()],
  ];
  const left = [
    {
      type: "warning",
      warning: {
        setting: "responseFormat",
        message: "The answer was ended because nothing but whitespace followed its JSON; its usage is unknown.",
      },
    },
    { type: "finish", reason: "stop", usage: { inputTokens: undefined, outputTokens: undefined } },
  ];

  it.each([
    ["loose", loose],
    ["strict", strict],
    ["without a schema", { type: "json" }],
  ] as const)("after complete JSON is left: %s", async (_, responseFormat) => {
    const model = play(endless);
    const { parts, error } = await run(model, { responseFormat });
    expect(error).toBeUndefined();
    expect(parts.slice(-2)).toEqual(left);
    expect(joined(parts)).toBe(good + "\n".repeat(65));
    expect(model.answers).toEqual([{ taken: 67, left: true }]);
  });

  it("that the upstream ends itself keeps the upstream's finish", async () => {
    const inOne: readonly Batch[] = [[start], [text(good), text("\n".repeat(500)), finish()]];
    expect((await run(play(inOne), { responseFormat: loose })).parts.at(-1)).toEqual(finish());
    const short: readonly Batch[] = [[start], [text(good)], [text("\n".repeat(64))], [finish()]];
    expect((await run(play(short), { responseFormat: loose })).parts.at(-1)).toEqual(finish());
  });

  it("that the upstream ends itself is not ended twice", async () => {
    const ended = endAfterJson(play([[start], [text(good), text("\n".repeat(500)), finish()]]).stream(hello));
    const seen: Batch[] = [];
    for await (const batch of ended) seen.push(batch);
    expect(seen).toHaveLength(2);
  });

  it("inside the JSON, or behind what is no JSON, is left alone", async () => {
    const inside = says('{"answer":', " ".repeat(500), '"yes"}');
    expect((await run(play(inside), { responseFormat: strict })).parts.at(-1)).toEqual(finish());
    const prose = says("Sure:", " ".repeat(500), good);
    expect((await run(play(prose), { responseFormat: loose })).parts.at(-1)).toEqual(finish());
  });

  it("never cuts off a call", async () => {
    const script: readonly Batch[] = [[start], [text(good)], call, [text(" ".repeat(100))], [finish("tool-calls")]];
    const { parts } = await run(scriptedModel([script], { tools: "none" }), { responseFormat: loose, tools });
    expect(parts.at(-1)).toEqual(finish("tool-calls"));
  });
});

describe("G2: tools and a schema", () => {
  it("ask for a call first: it is delivered as it comes, text before it too, in one request", async () => {
    const model = play([
      [start],
      [text("Let me ")],
      [text("look.")],
      [callStart],
      [callArguments],
      [finish("tool-calls")],
    ]);
    const { batches } = await run(model, { responseFormat: strict, tools, toolChoice: "auto" });
    expect(batches).toEqual([
      [start],
      [text("Let me "), text("look."), callStart],
      [callArguments],
      [finish("tool-calls")],
    ]);
    expect(model.requests).toHaveLength(1);
    expect(model.requests[0]).toMatchObject({ tools, toolChoice: "auto", responseFormat: undefined });
  });

  it("take text that validates for the answer, in one request", async () => {
    const model = play(says(good));
    const { parts } = await run(model, { responseFormat: loose, tools });
    expect(parts).toEqual([start, text(good), finish()]);
    expect(model.requests).toHaveLength(1);
  });

  it.each([
    ["prose", loose, "It is noon.", good],
    ["JSON that breaks the schema", loose, bad, good],
    ["nothing", loose, "", good],
    ["prose, without a schema", { type: "json" }, "It is noon.", "[]"],
  ] as const)("ask again under the schema without tools after %s", async (_, responseFormat, first, second) => {
    const model = play(first === "" ? [[start], [finish()]] : says(first), says(second));
    const { parts } = await run(model, { responseFormat, tools, toolChoice: "auto", parallelToolCalls: false });
    expect(parts).toEqual([start, text(second), finish("stop", { inputTokens: 20, outputTokens: 10 })]);
    expect(model.requests).toHaveLength(2);
    expect(model.requests[1]).toEqual({ ...hello, responseFormat });
  });

  it("stream the second answer, and its reasoning behind the first's", async () => {
    const model = play(
      [[start], [reasoning("A tool?")], [text("No.")], [reasoning("x")], [finish()]],
      [[start], [reasoning("JSON.")], [text('{"answer"')], [text(':"yes"}')], [finish()]],
    );
    const { batches } = await run(model, { responseFormat: strict, tools });
    expect(batches.slice(0, -1)).toEqual([
      [start],
      [reasoning("A tool?")],
      [reasoning("JSON.")],
      [text('{"answer"')],
      [text(':"yes"}')],
    ]);
  });

  it("hold a strict second answer to its schema, and repair it", async () => {
    const failed = await run(play(says("No."), says(bad)), { responseFormat: strict, tools });
    expect(failed.error).toMatchObject({ code: "upstream_error", setting: "responseFormat" });
    const model = play(says("No."), says(bad), says(good));
    const { parts } = await run(model, { responseFormat: strict, tools }, { repairs: 1 });
    expect(parts).toEqual([start, text(good), finish("stop", { inputTokens: 30, outputTokens: 15 })]);
  });

  it("keep what is held in its order", async () => {
    const logprobs: StreamPart = { type: "logprobs", tokens: [{ token: "t", logprob: -1, top: [] }] };
    const model = play([[start], [text("Wait."), logprobs], [reasoning("r")], call, [finish("tool-calls")]]);
    const { parts } = await run(model, { responseFormat: loose, tools });
    expect(parts).toEqual([start, text("Wait."), logprobs, reasoning("r"), ...call, finish("tool-calls")]);
  });

  it("deliver nothing of a first answer that fails, so that another deployment may be asked", async () => {
    const down = new ProviderError({ code: "upstream_stream_interrupted", message: "Gone." });
    const wrapped = applyMiddleware(play([[start], [text("No")], down]), [structuredOutput()]);
    await expect(commit(wrapped.stream({ ...hello, responseFormat: loose, tools }))).rejects.toBe(down);
  });

  it.each(["required", { name: "now" }] as const)(
    "leave the schema out when a call is asked for: %j",
    async (toolChoice) => {
      const script: readonly Batch[] = [[start], call, [finish("tool-calls")]];
      const model = scriptedModel([script, script]);
      const emulated = scriptedModel([script], { tools: "none" });
      await run(model, { responseFormat: strict, tools, toolChoice });
      await run(emulated, { responseFormat: strict, tools, toolChoice });
      expect(emulated.requests).toEqual(model.requests);
      expect(model.requests).toEqual([{ ...hello, tools, toolChoice, responseFormat: undefined }]);
    },
  );

  it.each<[string, Partial<ChatRequest>]>([
    ["no tools may be called", { tools, toolChoice: "none" }],
    ["there are none", { tools: [] }],
  ])("are one step when %s", async (_, request) => {
    const model = play(says("prose"));
    await run(model, { ...request, responseFormat: loose });
    expect(model.requests).toEqual([{ ...hello, ...request, responseFormat: loose }]);
  });

  it("are one step for a model whose tools are emulated below", async () => {
    const model = scriptedModel([says(good)], { tools: "none" });
    await run(model, { responseFormat: loose, tools });
    expect(model.requests).toEqual([{ ...hello, responseFormat: loose, tools }]);
  });
});

describe("an abort", () => {
  it("between the two requests gives its own reason, and asks no more", async () => {
    const controller = new AbortController();
    const reason = new Error("left");
    const model = play(says("No."), says(good));
    const wrapped = applyMiddleware(model, [structuredOutput()]);
    const outcome = collect(
      (async function* () {
        for await (const batch of wrapped.stream({ ...hello, tools, responseFormat: loose }, controller)) {
          controller.abort(reason);
          yield batch;
        }
      })(),
    );
    await expect(outcome).rejects.toBe(reason);
    expect(model.requests).toHaveLength(1);
  });
});
