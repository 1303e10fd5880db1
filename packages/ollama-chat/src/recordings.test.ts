import { byteCuts, type OllamaVersion, recordings } from "@llamaduct/ollama-emulator";
import { describe, expect, it } from "vitest";
import { replay, summary } from "../test/replay.ts";

/** Every `chat-*` and `fault-*` exchange and what must come of it: one line for both versions, or [0.24.0, 0.33.0]. */
const EXPECTED: Readonly<Record<string, string | readonly [string, string]>> = {
  "chat-bad-keep-alive": "! invalid_value extra.keep_alive",
  "chat-bad-option-type": "! invalid_value extra.temperature",
  "chat-bad-role": `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 24+11`,
  "chat-content-array": "! invalid_value",
  "chat-empty-body": "! invalid_value",
  "chat-empty-stream": "stop(stop) 23+1",
  "chat-empty-whole": "stop(stop) 23+1",
  "chat-format-bad-schema": "! invalid_value responseFormat",
  "chat-format-bad": "! invalid_value responseFormat",
  "chat-format-json-stream": `text "{\\"answer\\": \\"yes\\", \\"score\\": 7}" | stop(stop) 23+6`,
  "chat-format-json-whole": `text "{\\"answer\\": \\"yes\\", \\"score\\": 7}" | stop(stop) 23+6`,
  "chat-format-null": `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 23+11`,
  "chat-format-number": "! invalid_value responseFormat",
  "chat-format-schema-plain": [
    `text "{\\"answer\\":\\"}\\",\\"score\\": 5}" | stop(stop) 23+26`,
    `text "{\\"answer\\":\\"\\",\\"score\\": 6}" | stop(stop) 23+25`,
  ],
  "chat-format-schema-stream": `text "{\\"answer\\": \\"yes\\", \\"score\\": 7}" | stop(stop) 23+6`,
  "chat-format-schema-whole": `text "{\\"answer\\": \\"yes\\", \\"score\\": 7}" | stop(stop) 23+6`,
  "chat-history": `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 73+11`,
  "chat-image-bad-base64": "! invalid_value messages",
  "chat-image-no-vision": [
    `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 38+11`,
    "! unsupported messages",
  ],
  "chat-leaky-stream": `text "Sure: <think>hidden</think>shown" | stop(stop) 23+5`,
  "chat-leaky-whole": `text "Sure: <think>hidden</think>shown" | stop(stop) 23+5`,
  "chat-length-stream": `text "The quick brown" | length(length) 23+3`,
  "chat-length-whole": `text "The quick brown" | length(length) 23+3`,
  "chat-load": "stop(load) undefined+undefined",
  "chat-logprobs": `text "The quick" | length(length) 23+2`,
  "chat-malformed": "! invalid_value",
  "chat-missing-model-whole": "! model_not_found",
  "chat-missing-model": "! model_not_found",
  "chat-multitools-stream": [
    `call get_time | arguments "{\\"zone\\":\\"UTC\\"}" | call get_day | arguments "{\\"zone\\":\\"PST\\"}" | tool-calls(stop) 213+3`,
    `call get_time | arguments "{\\"zone\\":\\"UTC\\"}" | call get_day | arguments "{\\"zone\\":\\"PST\\"}" | tool-calls(stop) 363+3`,
  ],
  "chat-multitools-whole": [
    `call get_time | arguments "{\\"zone\\":\\"UTC\\"}" | call get_day | arguments "{\\"zone\\":\\"PST\\"}" | tool-calls(stop) 213+3`,
    `call get_time | arguments "{\\"zone\\":\\"UTC\\"}" | call get_day | arguments "{\\"zone\\":\\"PST\\"}" | tool-calls(stop) 363+3`,
  ],
  "chat-name-case": `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 23+11`,
  "chat-name-namespace": `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 23+11`,
  "chat-name-tag": `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 23+11`,
  "chat-native-bad-arguments-stream": [
    "! unsupported tools",
    `text "I will look it up.\\n" | call get_current_weather | arguments "{\\"location\\":\\"Rome\\",\\"unit\\":\\"celsius\\"}" | call get_current_weather | arguments "{\\"location\\":\\"\\"}" | call get_current_weather | arguments "{\\"location\\":\\"\\"}" | length(length) 506+60`,
  ],
  "chat-native-bad-arguments-whole": ["! unsupported tools", "! upstream_error"],
  "chat-native-schema-stream": [
    `text "{\\"answer\\":\\"}{}}{]\\",\\"score\\":\\n     7}" | stop(stop) 3+35`,
    `text "{\\"answer\\":\\"{}\\",\\"score\\": 3}" | stop(stop) 23+27`,
  ],
  "chat-native-schema-whole": [
    `text "{\\"answer\\":\\"{]\\",\\"score\\": 5}" | stop(stop) 3+27`,
    `text "{\\"answer\\":\\"{}{{}{\\",\\"score\\": 9}" | stop(stop) 23+31`,
  ],
  "chat-native-stream": [
    "stop(stop) 3+1",
    `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 23+11`,
  ],
  "chat-native-tools-stream": [
    "! unsupported tools",
    `text "Looking now. " | call get_current_weather | arguments "{\\"location\\":\\"Rome\\",\\"unit\\":\\"celsius\\"}" | tool-calls(stop) 506+11`,
  ],
  "chat-native-tools-whole": [
    "! unsupported tools",
    `text "Looking now. " | call get_current_weather | arguments "{\\"location\\":\\"Rome\\",\\"unit\\":\\"celsius\\"}" | tool-calls(stop) 506+11`,
  ],
  "chat-native-whole": [
    "stop(stop) 3+1",
    `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 23+11`,
  ],
  "chat-no-model": "! invalid_value model",
  "chat-no-stream-field": `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 23+11`,
  "chat-overflow-default": [
    `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 64+11`,
    `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 35+11`,
  ],
  "chat-overflow-shift-false": `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 23+11`,
  "chat-overflow-truncate-false": "! context_length_exceeded messages",
  "chat-plain-stream": `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 23+11`,
  "chat-plain-whole": `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 23+11`,
  "chat-prosecall-stream": [
    `text "Let me check that.\\n{\\"name\\": \\"get_current_weather\\", \\"parameters\\": {\\"location\\": \\"Paris\\"}}" | stop(stop) 292+6`,
    `text "Let me check that.\\n{\\"name\\": \\"get_current_weather\\", \\"parameters\\": {\\"location\\": \\"Paris\\"}}" | stop(stop) 367+6`,
  ],
  "chat-prosecall-whole": [
    `text "Let me check that.\\n{\\"name\\": \\"get_current_weather\\", \\"parameters\\": {\\"location\\": \\"Paris\\"}}" | stop(stop) 292+6`,
    `text "Let me check that.\\n{\\"name\\": \\"get_current_weather\\", \\"parameters\\": {\\"location\\": \\"Paris\\"}}" | stop(stop) 367+6`,
  ],
  "chat-repetition": `text "${"ping pong Ping Pong".repeat(100)}" | length(length) 23+400`,
  "chat-stop-sequence": `text "The quick brown llama" | stop(stop) 23+5`,
  "chat-stop-string": "! invalid_value extra.stop",
  "chat-stream-string": "! invalid_value",
  "chat-stuck-stream": `text "againagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagain" | ! upstream_stream_interrupted`,
  "chat-stuck-whole": `text "againagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagainagain" | ! upstream_stream_interrupted`,
  "chat-tagcall-stream": [
    `text "I will look it up.\\n" | call get_current_weather | arguments "{\\"location\\":\\"Rome\\",\\"note\\":\\"braces } { and \\\\\\"quotes\\\\\\"\\"}" | tool-calls(stop) 292+9`,
    `text "I will look it up.\\n" | call get_current_weather | arguments "{\\"location\\":\\"Rome\\",\\"note\\":\\"braces } { and \\\\\\"quotes\\\\\\"\\"}" | tool-calls(stop) 367+9`,
  ],
  "chat-tagcall-whole": [
    `text "I will look it up.\\n" | call get_current_weather | arguments "{\\"location\\":\\"Rome\\",\\"note\\":\\"braces } { and \\\\\\"quotes\\\\\\"\\"}" | tool-calls(stop) 292+9`,
    `text "I will look it up.\\n" | call get_current_weather | arguments "{\\"note\\":\\"braces } { and \\\\\\"quotes\\\\\\"\\",\\"location\\":\\"Rome\\"}" | tool-calls(stop) 367+9`,
  ],
  "chat-think-bad-level": "! invalid_value extra.think",
  "chat-think-false-unsupported": `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 23+11`,
  "chat-think-level": `reasoning "The user greets me; I greet back." | text "Hello there!" | stop(stop) 23+9`,
  "chat-think-unsupported": "! unsupported reasoning",
  "chat-thinkcall-stream": `reasoning "I need the weather tool. " | call get_current_weather | arguments "{\\"location\\":\\"Oslo\\"}" | tool-calls(stop) 23+6`,
  "chat-thinkcall-whole": `reasoning "I need the weather tool. " | call get_current_weather | arguments "{\\"location\\":\\"Oslo\\"}" | tool-calls(stop) 23+6`,
  "chat-thinker-default-stream": `reasoning "The user greets me; I greet back." | text "Hello there!" | stop(stop) 23+9`,
  "chat-thinker-default-whole": `reasoning "The user greets me; I greet back." | text "Hello there!" | stop(stop) 23+9`,
  "chat-thinker-history": `reasoning "The user greets me; I greet back." | text "Hello there!" | stop(stop) 74+9`,
  "chat-thinker-schema": [
    `reasoning "The user greets me; I greet back." | text "{\\"answer\\":\\"]\\",\\"score\\": 8}" | stop(stop) 83+26`,
    `reasoning "The user greets me; I greet back." | text "{\\"answer\\":\\"}\\",\\"score\\": 7}" | stop(stop) 83+25`,
  ],
  "chat-thinker-think-false-stream": `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 23+11`,
  "chat-thinker-think-false-whole": `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 23+11`,
  "chat-thinker-think-true-stream": `reasoning "The user greets me; I greet back." | text "Hello there!" | stop(stop) 23+9`,
  "chat-thinker-think-true-whole": `reasoning "The user greets me; I greet back." | text "Hello there!" | stop(stop) 23+9`,
  "chat-tool-result": [
    `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 405+11`,
    `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 480+11`,
  ],
  "chat-tools-and-schema": [
    `text "{\\"answer\\":\\"\\",\\"score\\":\\n\\n  7}" | stop(stop) 292+27`,
    `text "{\\"answer\\":\\"\\",\\"score\\":\\n  7}" | stop(stop) 367+26`,
  ],
  "chat-tools-arguments-string": "! invalid_value",
  "chat-tools-empty-list": `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 23+11`,
  "chat-tools-stream": [
    `call get_current_weather | arguments "{\\"location\\":\\"Boston, MA\\",\\"unit\\":\\"celsius\\"}" | tool-calls(stop) 292+5`,
    `call get_current_weather | arguments "{\\"location\\":\\"Boston, MA\\",\\"unit\\":\\"celsius\\"}" | tool-calls(stop) 367+5`,
  ],
  "chat-tools-unsupported-whole": "! unsupported tools",
  "chat-tools-unsupported": "! unsupported tools",
  "chat-tools-whole": [
    `call get_current_weather | arguments "{\\"location\\":\\"Boston, MA\\",\\"unit\\":\\"celsius\\"}" | tool-calls(stop) 292+5`,
    `call get_current_weather | arguments "{\\"location\\":\\"Boston, MA\\",\\"unit\\":\\"celsius\\"}" | tool-calls(stop) 367+5`,
  ],
  "chat-unicode-stream": `text "日本語é 🦙" | stop(stop) 23+8`,
  "chat-unicode-whole": `text "日本語é 🦙" | stop(stop) 23+8`,
  "chat-unknown-option": `text "The quick brown llama jumps over the lazy alpaca." | stop(stop) 23+11`,
  "chat-unload": "stop(unload) undefined+undefined",
  "fault-runner-killed-mid-stream": [
    `text "ping pong Ping Pongping pong Ping Pongping" | ! upstream_error`,
    `text "ping pong Ping Pongping pong Ping Pongping pong Ping Pongping pong Ping Pongping pong Ping Pongping" | ! upstream_error`,
  ],
  "fault-runner-killed-whole": "! upstream_error",
  "fault-server-stopped-mid-stream": `text "ping pong Ping Pongping" | ! upstream_stream_interrupted`,
};

const VERSIONS: readonly OllamaVersion[] = ["0.24.0", "0.33.0"];
/** Thousands of replays of one recording take seconds on a busy machine. */
const CUTTING_MS = 60_000;

describe.each(VERSIONS)("N4: Ollama %s", (version) => {
  const played = recordings(version).filter(({ name }) => /^(chat|fault)-/.test(name));

  it("has a line in the table for every recording", () => {
    expect(played.map(({ name }) => name).sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(played.map((recording) => [recording.name, recording] as const))(
    "%s",
    async (name, recording) => {
      const whole = await replay(recording, []);
      expect(summary(whole)).toBe(expected(name, version));
      const sameAs = JSON.stringify(whole);
      for (const cuts of byteCuts(recording)) {
        // A plain comparison: `expect` for each of thousands of cuts would take most of the time.
        if (JSON.stringify(await replay(recording, cuts)) !== sameAs)
          expect.fail(`${name} differs when cut at ${cuts}`);
      }
    },
    CUTTING_MS,
  );
});

function expected(name: string, version: OllamaVersion): string | undefined {
  const line = EXPECTED[name];
  return typeof line === "string" ? line : line?.[VERSIONS.indexOf(version)];
}
