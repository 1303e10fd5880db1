/** A model of the stand-in: what it says, and when. The name is what requests ask for. */
export interface BenchModel {
  /** The pieces of its answer, one a line; a final line without any follows them. */
  readonly pieces: readonly string[];
  /** `burst`: all in one write. `line`: a write for each line, streams take turns. A number: a line each so many milliseconds. */
  readonly pace: "burst" | "line" | number;
  readonly capabilities: readonly string[];
}

/** One piece in eight is not Latin-1, as in any answer with a dash, a curly quote or an emoji in it. */
const WORDS = [" the", " sky", " looks", " blue", " since", " air", " scatters", " light—“天”"];
const words = (count: number) => Array.from({ length: count }, (_, index) => WORDS[index % WORDS.length] ?? "");
const says = (count: number, pace: BenchModel["pace"]): BenchModel => ({
  pieces: words(count),
  pace,
  capabilities: ["completion", "tools", "vision"],
});

/** A call as a model without tools writes it under a grammar, in as many pieces and as long as the words of `words(500)`. */
const call = ['{"tool_calls":', '[{"name":', '"note",', '"arguments":', '{"text":"', ...words(494), '"}}]}'];
const calls = (pace: BenchModel["pace"]): BenchModel => ({ pieces: call, pace, capabilities: ["completion"] });

export const MODELS: Readonly<Record<string, BenchModel>> = {
  "burst-500": says(500, "burst"),
  "line-500": says(500, "line"),
  "burst-20": says(20, "burst"),
  "line-20": says(20, "line"),
  "paced-20": says(20, 10),
  /** 100 tokens a second, two seconds long. */
  "paced-200": says(200, 10),
  /** Five tokens a second for longer than anybody listens. */
  slow: says(10_000, 200),
  "calls-burst": calls("burst"),
  "calls-line": calls("line"),
  embed: { pieces: [], pace: "burst", capabilities: ["embedding"] },
};

/** What the answer says in the end. */
export function textOf(model: string): string {
  return modelOf(model).pieces.join("");
}

export function modelOf(name: string): BenchModel {
  const model = MODELS[name];
  if (model === undefined) throw new Error(`The stand-in has no model ${name}.`);
  return model;
}

/** Inputs of one request for embeddings, and numbers in each vector. */
export const EMBEDDINGS = { inputs: 256, dimensions: 768 } as const;

/** Between -0.1 and 0.1, as 32-bit floats print. */
export const VECTORS: readonly (readonly number[])[] = Array.from({ length: EMBEDDINGS.inputs }, (_, input) =>
  Array.from({ length: EMBEDDINGS.dimensions }, (_, index) => Number((Math.sin(input * 769 + index) / 10).toFixed(9))),
);
