import {
  applyMiddleware,
  type Batch,
  type ChatRequest,
  collect,
  EncodedText,
  ProviderError,
  type StreamPart,
  type Support,
  type TextRequest,
} from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { finish, hello, reasoning, scriptedModel, start, text } from "../test/scripted-model.ts";
import { reasoningTags } from "./reasoning-tags.ts";

interface Setup {
  readonly capability?: Support;
  readonly request?: Partial<ChatRequest>;
  readonly tags?: readonly string[];
  readonly error?: unknown;
}

/** The batches that come out for those that go in, and what was thrown after them. */
async function run(batches: readonly Batch[], setup: Setup = {}) {
  const model = applyMiddleware(scriptedModel(batches, setup.capability, setup.error), [
    reasoningTags({ tags: setup.tags }),
  ]);
  const seen: Batch[] = [];
  try {
    for await (const batch of model.stream({ ...hello, ...setup.request })) seen.push(batch);
    return { seen, parts: seen.flatMap((batch) => [...batch]), error: undefined };
  } catch (error) {
    return { seen, parts: seen.flatMap((batch) => [...batch]), error };
  }
}

/** One batch per piece of text, as a model would send them; the result in one line, such as `think a | say b`. */
async function told(pieces: readonly string[], setup: Setup = {}): Promise<string> {
  const { parts } = await run([[start], ...pieces.map((piece) => [text(piece)]), [finish]], setup);
  return inOneLine(parts);
}

function inOneLine(parts: readonly StreamPart[]): string {
  const words: { readonly kind: string; text: string }[] = [];
  for (const part of parts) {
    if (part.type !== "text-delta" && part.type !== "reasoning-delta") continue;
    const kind = part.type === "text-delta" ? "say" : "think";
    const last = words.at(-1);
    if (last?.kind === kind) last.text += part.text;
    else words.push({ kind, text: part.text });
  }
  return words.map((word) => `${word.kind} ${word.text}`).join(" | ");
}

describe("tags", () => {
  it.each([
    ["F6: split anywhere", ["<thi", "nk>a</th", "ink>b"], "think a | say b"],
    ["F6: both in one delta", ["<think>a</think>b"], "think a | say b"],
    ["F6: one character at a time", [..."<think>a</think>b"], "think a | say b"],
    [
      "F6: as a real server sent them",
      ["Sure", ": <th", "ink>hidden</", "think>shown"],
      "say Sure:  | think hidden | say shown",
    ],
    ["several blocks", ["<think>a</think>b<think>c</think>d"], "think a | say b | think c | say d"],
    ["other names", ["<thought>a</thought><reasoning>b</reasoning>c"], "think ab | say c"],
    ["a block that never ends", ["<think>a</thi"], "think a</thi"],
    ["an empty block", ["<think></think>a"], "say a"],
    ["another tag's end inside a block", ["<think>a</thought>b</think>c"], "think a</thought>b | say c"],
    ["what only begins like a tag", ["a <", "thin", "g> b", " << c <th"], "say a <thing> b << c <th"],
    ["a second < where a tag begins", ["<th<think>a</think>b"], "say <th | think a | say b"],
    ["a held < and then a tag", ["<", "<think>a</think>b"], "say < | think a | say b"],
    ["an end without a beginning stays as it is", ["a</think>b"], "say a</think>b"],
  ])("%s", async (_, pieces, expected) => {
    expect(await told(pieces)).toBe(expected);
  });

  it("begin neither the answer nor the reasoning with line breaks", async () => {
    expect(await told(["<think>\na\n</think>\n", "\n", "b\n"])).toBe("think a\n | say b\n");
    expect(await told(["<think>\n\n</think>\n\n<think>a</think>\n\nb"])).toBe("think a | say b");
  });

  it("keep every other line break, and all spaces", async () => {
    expect(await told(["\n<think>a\n\nb</think> \nc"])).toBe("say \n | think a\n\nb | say  \nc");
    expect(await told(["a<think>b</think>\nc<think>\nd</think>"])).toBe("say a | think b | say \nc | think \nd");
  });

  it("can be others", async () => {
    expect(await told(["<ponder>a</ponder><think>b"], { tags: ["ponder"] })).toBe("think a | say <think>b");
    expect(() => reasoningTags({ tags: ["<think>"] })).toThrow(TypeError);
  });

  it("work in an answer under a schema", async () => {
    const request: Partial<ChatRequest> = { responseFormat: { type: "json", schema: { type: "object" } } };
    expect(await told(["<think>a</think>\n\n{}"], { request })).toBe("think a | say {}");
  });
});

describe("when", () => {
  const batches = [[start], [text("<think>a</think>b")], [finish]];

  it("a native model's batches pass untouched, whatever they say", async () => {
    const { seen } = await run(batches, { capability: "native" });
    for (const [index, batch] of seen.entries()) expect(batch).toBe(batches[index]);
    expect(seen).toHaveLength(3);
  });

  it.each([false, "none"] as const)(
    "F9: a native model told to reason %s may do it inline, and is split",
    async (off) => {
      const { parts } = await run(batches, { capability: "native", request: { reasoning: off } });
      expect(inOneLine(parts)).toBe("think a | say b");
    },
  );

  it.each(["none", "unknown"] as const)("capability %s is split", async (capability) => {
    const { parts } = await run(batches, { capability });
    expect(inOneLine(parts)).toBe("think a | say b");
  });

  it("a text model is wrapped just so", async () => {
    const model = applyMiddleware(scriptedModel<TextRequest>(batches), [reasoningTags()]);
    const { content } = await collect(model.stream({ prompt: "hi" }));
    expect(content).toEqual([
      { type: "reasoning", text: "a" },
      { type: "text", text: "b" },
    ]);
  });
});

describe("the stream", () => {
  const logprobs = (token: string): StreamPart => ({ type: "logprobs", tokens: [{ token, logprob: -1, top: [] }] });

  it("passes batches on as they are where nothing changes, and gives text at once", async () => {
    const batches = [[start, text("a < b"), logprobs("a < b")], [reasoning("r"), text("c")], [finish]];
    const { seen } = await run(batches);
    for (const [index, batch] of seen.entries()) expect(batch).toBe(batches[index]);
    expect(seen).toHaveLength(3);
  });

  it("holds back no more than may be a tag", async () => {
    const { seen } = await run([[start], [text("abc<thinkin")], [text("x")], [finish]]);
    expect(seen).toEqual([[start], [text("abc")], [text("<thinkin"), text("x")], [finish]]);
  });

  it("keeps logprobs behind the text they describe", async () => {
    const inputs = ["<th", "ink>b", "</think", ">", "\n", "c"];
    const { parts } = await run([[start], ...inputs.map((input) => [text(input), logprobs(input)]), [finish]]);
    expect(parts.slice(1, -1)).toEqual([
      logprobs("<th"),
      reasoning("b"),
      logprobs("ink>b"),
      logprobs("</think"),
      logprobs(">"),
      logprobs("\n"),
      text("c"),
      logprobs("c"),
    ]);
    const apart = await run([[start], [text("<th"), logprobs("<th")], [text("e"), logprobs("e")], [finish]]);
    expect(apart.parts.slice(1, -1)).toEqual([text("<th"), logprobs("<th"), text("e"), logprobs("e")]);
  });

  it("gives what it holds before a tool call, the finish and a failure", async () => {
    const call: StreamPart[] = [
      { type: "tool-call-start", id: "x", name: "f" },
      { type: "tool-call-delta", id: "x", argumentsDelta: "{}" },
    ];
    const called = await run([[start, text("a<th")], call, [text("<"), finish]]);
    expect(called.parts).toEqual([start, text("a"), text("<th"), ...call, text("<"), finish]);

    const error = new ProviderError({ code: "upstream_error", message: "It failed." });
    const failed = await run([[start, text("<think>a</")]], { error });
    expect(failed.parts).toEqual([start, reasoning("a"), reasoning("</")]);
    expect(failed.error).toBe(error);
  });

  it("F6: gives the same whatever the cuts", async () => {
    const random = pseudoRandom(7);
    const words = [
      "<",
      "<think>",
      "</think>",
      "<thought>",
      "</thought>",
      "</",
      "think>",
      "a",
      "\n",
      " ",
      "<thin",
      "🦆",
    ];
    for (let round = 0; round < 300; round++) {
      const whole = Array.from({ length: 1 + random(12) }, () => words[random(words.length)]).join("");
      const pieces: string[] = [];
      for (let at = 0; at < whole.length; ) {
        const length = 1 + random(5);
        pieces.push(whole.slice(at, at + length));
        at += length;
      }
      expect(await told(pieces), JSON.stringify(pieces)).toBe(await told([whole]));
      expect(await told(whole.split("")), JSON.stringify(whole)).toBe(await told([whole]));
    }
  });
});

/** Whole numbers below a limit, the same every time. */
function pseudoRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

describe("encoded text", () => {
  const encoded = (...literals: string[]) => new EncodedText(literals);

  it("goes on as it is from the beginning when it begins with text", async () => {
    const batch = encoded("\\n", " a");
    const { seen } = await run([[start], batch, [finish]]);
    expect(seen[1]).toBe(batch);
  });

  it("loses its line breaks behind a tag, as plain text does", async () => {
    const { parts } = await run([[start], encoded("<think>x</think>"), encoded("\\n", "a"), [finish]]);
    expect(inOneLine(parts)).toBe("think x | say a");
  });

  it("comes to the same as plain text, whatever it is", async () => {
    const pieces = ["\n", " ", "a", "<think>", "</think>", "<", "think>", "<b>", "\u00a0", "\\n", "天"];
    let state = 1;
    const pick = (below: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
    for (let round = 0; round < 3000; round++) {
      const texts = Array.from({ length: 6 }, () => pieces[pick(pieces.length)] ?? "a");
      const literals = texts.map((piece) => Buffer.from(JSON.stringify(piece).slice(1, -1)).toString("latin1"));
      const [from, to] = [pick(3), 3 + pick(4)];
      const batches = [literals.slice(0, from), literals.slice(from, to), literals.slice(to)].filter(
        ({ length }) => length,
      );
      const { parts } = await run([[start], ...batches.map((batch) => encoded(...batch)), [finish]]);
      expect(inOneLine(parts), JSON.stringify(texts)).toBe(await told(texts));
    }
  });

  it("goes on as it is once text has begun and nothing in it can be a tag", async () => {
    const batch = encoded(" b", " c");
    const { seen } = await run([[start], encoded("a"), batch, [finish]]);
    expect(seen[2]).toBe(batch);
  });

  it.each([
    ["itself", "<think>"],
    ["a code", "\\u003cthink\\u003e"],
    ["a code in capitals", "\\u003Cthink\\u003E"],
  ])("is read where a tag may begin, spelt as %s", async (_, tag) => {
    const { parts } = await run([[start], encoded("a"), encoded(tag), encoded("b"), encoded("</think>"), [finish]]);
    expect(inOneLine(parts)).toBe("say a | think b");
  });
});
