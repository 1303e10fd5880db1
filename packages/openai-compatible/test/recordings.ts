import { readFileSync } from "node:fs";

const folder = new URL("../../ollama-emulator/recordings/0.33.0/", import.meta.url);

/** A body that a real server streamed, and what it means. */
export function recordings(kind: "chat"): [name: string, body: string, meaning: object][] {
  const call = (name: string, text: string) => ({ type: "tool-call", name, arguments: text });
  const meanings = {
    "v1-chat-plain-stream": said("stop", { type: "text", text: "The quick brown llama jumps over the lazy alpaca." }),
    "v1-chat-usage": said("stop", { type: "text", text: "The quick brown llama jumps over the lazy alpaca." }),
    "v1-chat-thinker-stream": said(
      "stop",
      { type: "reasoning", text: "The user greets me; I greet back." },
      { type: "text", text: "Hello there!" },
    ),
    "v1-chat-tools-stream": said(
      "tool-calls",
      call("get_current_weather", '{"location":"Boston, MA","unit":"celsius"}'),
    ),
    "v1-chat-multitools-stream": said(
      "tool-calls",
      call("get_time", '{"zone":"UTC"}'),
      call("get_day", '{"zone":"PST"}'),
    ),
  };
  return Object.entries(meanings)
    .filter(([name]) => name.startsWith(`v1-${kind}`))
    .map(([name, meaning]) => {
      const { chunks } = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
      return [name, chunks.join(""), meaning];
    });
}

function said(reason: string, ...content: readonly object[]): object {
  return { content, reason };
}
