import { byteCuts, type OllamaVersion, recordings } from "@llamaduct/ollama-emulator";
import { describe, expect, it } from "vitest";
import { replay, summary } from "../test/replay.ts";

const LLAMA = `text "The quick brown llama jumps over the lazy alpaca."`;
const THOUGHT = `reasoning "The user greets me; I greet back." | text "Hello there!"`;

/** Every `generate-*` exchange and what must come of it, on both versions. */
const EXPECTED: Readonly<Record<string, string>> = {
  "generate-context": `${LLAMA} | stop(stop) 29+11 | context of 75`,
  "generate-fim-stream": `text "return a + b\\n" | stop(stop) 38+6 | context of 47`,
  "generate-fim-whole": `text "return a + b\\n" | stop(stop) 38+6 | context of 47`,
  "generate-format-schema-stream": `text "{\\"answer\\": \\"yes\\", \\"score\\": 7}" | stop(stop) 23+6 | context of 50`,
  "generate-format-schema-whole": `text "{\\"answer\\": \\"yes\\", \\"score\\": 7}" | stop(stop) 23+6 | context of 50`,
  "generate-length-stream": `text "The quick brown" | length(length) 23+3 | context of 36`,
  "generate-length-whole": `text "The quick brown" | length(length) 23+3 | context of 36`,
  "generate-load": "stop(load) undefined+undefined",
  "generate-missing-model": "! model_not_found",
  "generate-plain-stream": `${LLAMA} | stop(stop) 23+11 | context of 69`,
  "generate-plain-whole": `${LLAMA} | stop(stop) 23+11 | context of 69`,
  "generate-raw-stream": `${LLAMA} | stop(stop) 4+11`,
  "generate-raw-whole": `${LLAMA} | stop(stop) 4+11`,
  "generate-suffix-empty-prompt": "stop(load) undefined+undefined",
  "generate-suffix-unsupported": "! unsupported suffix",
  "generate-system": `${LLAMA} | stop(stop) 47+11 | context of 93`,
  "generate-template-bad": "! invalid_value extra.template",
  "generate-template": `text "{\\"answer\\": \\"yes\\", \\"score\\": 7}" | stop(stop) 4+6 | context of 31`,
  "generate-think-unsupported": "! unsupported reasoning",
  "generate-thinker-stream": `${THOUGHT} | stop(stop) 23+9 | context of 81`,
  "generate-thinker-whole": `${THOUGHT} | stop(stop) 23+9 | context of 81`,
  "generate-unload": "stop(unload) undefined+undefined",
};

const VERSIONS: readonly OllamaVersion[] = ["0.24.0", "0.33.0"];
/** Thousands of replays of one recording take seconds on a busy machine. */
const CUTTING_MS = 60_000;
/** What was asked for when it was recorded changes nothing here: the answer is the recorded one. */
const REQUEST = { prompt: "hi", extra: { context: true } };

describe.each(VERSIONS)("N4: Ollama %s", (version) => {
  const played = recordings(version).filter(({ name }) => name.startsWith("generate-"));

  it("has a line in the table for every recording", () => {
    expect(played.map(({ name }) => name).sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(played.map((recording) => [recording.name, recording] as const))(
    "%s",
    async (name, recording) => {
      const whole = await replay(recording, [], REQUEST);
      expect(summary(whole)).toBe(EXPECTED[name]);
      const sameAs = JSON.stringify(whole);
      for (const cuts of byteCuts(recording)) {
        // A plain comparison: `expect` for each of thousands of cuts would take most of the time.
        if (JSON.stringify(await replay(recording, cuts, REQUEST)) !== sameAs)
          expect.fail(`${name} differs when cut at ${cuts}`);
      }
    },
    CUTTING_MS,
  );
});
