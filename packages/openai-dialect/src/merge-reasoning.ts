import type { AssistantContent, Batch, StreamPart } from "@llamaduct/core";

// LiteLLM's form for clients that show nothing but text.
const OPEN = "<think>";
const CLOSE = "</think>";

/** Reasoning as text between tags, where it stands. */
export function mergeReasoning(content: readonly AssistantContent[]): readonly AssistantContent[] {
  return content.map((part) => (part.type === "reasoning" ? { type: "text", text: OPEN + part.text + CLOSE } : part));
}

/** The same for one stream's batches, in order. The tag that closes comes with what follows the reasoning. */
export function createReasoningMerger(): (batch: Batch) => Batch {
  let thinking = false;

  function merge(part: StreamPart): readonly StreamPart[] {
    switch (part.type) {
      case "reasoning-delta": {
        if (part.text === "") return [];
        const text = thinking ? part.text : OPEN + part.text;
        thinking = true;
        return [{ type: "text-delta", text }];
      }
      case "text-delta":
        if (!thinking || part.text === "") return [part];
        thinking = false;
        return [{ type: "text-delta", text: CLOSE + part.text }];
      case "tool-call-start":
      case "finish":
        if (!thinking) return [part];
        thinking = false;
        return [{ type: "text-delta", text: CLOSE }, part];
      default:
        return [part];
    }
  }

  return (batch) => Array.from(batch).flatMap(merge);
}
