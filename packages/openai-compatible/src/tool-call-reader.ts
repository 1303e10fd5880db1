import { ProviderError, type StreamPart } from "@llamaduct/core";
import type { ToolCallDelta } from "./wire.ts";

export interface ToolCallReader {
  /** How many calls have begun. */
  readonly count: number;
  read(delta: ToolCallDelta): readonly StreamPart[];
  /** Completes the calls that came without arguments. */
  end(): readonly StreamPart[];
}

/**
 * Puts the pieces of an answer's tool calls together. `index` says which call a piece is of, and an id that is new begins
 * another one all the same: there are servers that give every call index 0, or none. Repeated names and ids say nothing.
 */
export function createToolCallReader(generateId: () => string): ToolCallReader {
  const calls: Call[] = [];

  function find({ index, id }: ToolCallDelta): Call | undefined {
    const latest = index == null ? calls.at(-1) : calls.findLast((call) => call.index === index);
    return id && latest?.givenId && id !== latest.givenId ? undefined : latest;
  }

  function begin({ index, id, function: called }: ToolCallDelta, parts: StreamPart[]): Call {
    if (!called?.name) {
      const message = "The server began a tool call without naming the tool.";
      throw new ProviderError({ code: "upstream_protocol_error", message, upstreamStatus: 200 });
    }
    const isTaken = calls.some((call) => call.id === id);
    const call: Call = {
      index: index ?? undefined,
      givenId: id || undefined,
      id: id && !isTaken ? id : generateId(),
      hasArguments: false,
    };
    calls.push(call);
    parts.push({ type: "tool-call-start", id: call.id, name: called.name });
    return call;
  }

  return {
    get count() {
      return calls.length;
    },
    read(delta) {
      const parts: StreamPart[] = [];
      const call = find(delta) ?? begin(delta, parts);
      const argumentsDelta = delta.function?.arguments;
      if (argumentsDelta) {
        call.hasArguments = true;
        parts.push({ type: "tool-call-delta", id: call.id, argumentsDelta });
      }
      return parts;
    },
    end() {
      const bare = calls.filter(({ hasArguments }) => !hasArguments);
      return bare.map(({ id }) => ({ type: "tool-call-delta", id, argumentsDelta: "{}" }));
    },
  };
}

interface Call {
  readonly index: number | undefined;
  readonly givenId: string | undefined;
  readonly id: string;
  hasArguments: boolean;
}
