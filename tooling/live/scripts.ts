/** The pieces a model says one after the other, a token each: text, or one byte of a character cut into tokens. */
export interface Script {
  readonly pieces: readonly (string | number)[];
  /** Starts over instead of ending the turn. */
  readonly repeats?: true;
}

/** What the scripted models say. A template that ends in `<|say|>` makes a model say the script `say`. */
export const scripts: Readonly<Record<string, Script>> = {
  say: { pieces: ["The", " quick", " brown", " llama", " jumps", " over", " the", " lazy", " alpaca", "."] },
  call: {
    pieces: [
      '{"name": "get_current_weather",',
      ' "parameters":',
      ' {"location": "Boston, MA",',
      ' "unit": "celsius"}}',
    ],
  },
  calls: {
    pieces: [
      '{"name": "get_time", "parameters": {"zone": "UTC"}}',
      '\n{"name": "get_day", "parameters": {"zone": "PST"}}',
    ],
  },
  think: { pieces: ["<think>", "The user", " greets me;", " I greet back.", "</think>", "Hello", " there", "!"] },
  /** Thinking tags that no server takes out, cut in their middle. */
  leak: { pieces: ["Sure", ": <th", "ink>hidden</", "think>shown"] },
  /** Never ends, and no two neighbouring tokens are equal, so no repetition guard ends it either. */
  loop: { pieces: ["ping", " pong", " Ping", " Pong"], repeats: true },
  json: { pieces: ['{"answer":', ' "yes",', ' "score":', " 7", "}"] },
  fill: { pieces: ["return", " a", " +", " b", "\n"] },
  /** One character of each UTF-8 length; the llama comes as four tokens. */
  uni: { pieces: ["日本語", "é", " ", 0xf0, 0x9f, 0xa6, 0x99] },
  empty: { pieces: [] },
  /** One token for ever: Ollama's repetition guard ends it without a final event. */
  stuck: { pieces: ["again"], repeats: true },
  prosecall: {
    pieces: [
      "Let me",
      " check",
      " that.",
      '\n{"name": "get_current_weather", "parameters": {"location":',
      ' "Paris"}}',
    ],
  },
  thinkcall: {
    pieces: [
      "<think> ",
      "I need the",
      " weather tool.",
      " </think>",
      '{"name": "get_current_weather", "parameters":{"location": "Oslo"}}',
    ],
  },
  tagcall: {
    pieces: [
      "I will",
      " look it",
      " up.",
      "\n<tool_call>",
      '\n{"name": "get_current_weather",',
      ' "arguments": {"location": "Rome",',
      ' "note": "braces } { and \\"quotes\\""}}',
      "\n</tool_call>",
    ],
  },
  /** A call as Hermes models write it, its tags cut in their middle: what llama.cpp's own parser reads. */
  hermes: {
    pieces: [
      "Looking",
      " now.",
      " <tool_",
      "call>",
      '\n{"name": "get_',
      'current_weather", "arguments": ',
      '{"location": "Rome", ',
      '"unit": "celsius"}',
      "}\n</tool_",
      "call> ",
    ],
  },
  long: { pieces: Array.from({ length: 60 }, (_, index) => ` w${index}`) },
};
