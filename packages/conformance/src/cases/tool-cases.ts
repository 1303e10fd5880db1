import type { ChatRequest, Message, StreamPart, ToolCallPart, ToolChoice, ToolDefinition } from "@llamaduct/core";
import { check, checkEqual, checkError, show } from "../check.ts";
import type { CaseDefinition } from "../conformance-cases.ts";
import { checkSound, contentOf, expectedContent, finishOf, type Outcome, readAnswer } from "../read-answer.ts";
import { sameAtEveryCut } from "../same-at-every-cut.ts";
import { onStage, requestsTo } from "../stage.ts";
import type { Answer, Target } from "../target.ts";
import { chatModel, HELLO, type StreamWork, streaming, streamWorksOf, userMessage } from "../work.ts";

/** Tools: what is offered, what was called. */
export function toolCases(target: Target): readonly CaseDefinition[] {
  const work = streamWorksOf(target).find(({ kind }) => kind === "chat");
  return work === undefined ? [] : [...callCases(target, work), ...requestCases(target, work)];
}

function callCases(target: Target, { wire }: StreamWork): readonly CaseDefinition[] {
  const kind = "chat";

  async function calling(calls: readonly ToolCallPart[], look: (outcome: Outcome) => void): Promise<void> {
    const answer: Answer = { deltas: calls, finish: "tool-calls", usage: { inputTokens: 9, outputTokens: 8 } };
    await onStage(target, { play: streaming(target, wire, { answer }) }, async ({ provider }) => {
      const outcome = await readAnswer(chatModel(provider, target.modelId).stream({ messages: ASK, tools: TOOLS }));
      checkSound(outcome, "stream.tool-calls");
      look(outcome);
    });
  }

  return [
    {
      id: "stream.tool-calls",
      kind,
      title: "a call is one start and its arguments, and the answer ends with tool-calls",
      run: () =>
        calling([call("a", "weather", '{"city":"Łódź","days":2}')], (outcome) => {
          checkEqual(
            contentOf(outcome),
            expectedContent([call("a", "weather", '{"city":"Łódź","days":2}')]),
            "The call",
          );
          checkEqual(finishOf(outcome)?.reason, "tool-calls", "The finish reason");
        }),
    },
    {
      id: "tools.parallel",
      kind,
      title: "several calls, of one tool even, keep apart",
      run: () => calling(SEVERAL, (outcome) => checkEqual(contentOf(outcome), expectedContent(SEVERAL), "The calls")),
    },
    {
      id: "tools.boundaries",
      kind,
      title: "calls are the same wherever the network cuts them",
      run: () =>
        sameAtEveryCut(target, {
          wire,
          answer: { deltas: SEVERAL, finish: "tool-calls" },
          open: (provider) => chatModel(provider, target.modelId).stream({ messages: ASK, tools: TOOLS }),
          clause: "tools.boundaries",
        }),
    },
    {
      id: "tools.no-arguments",
      kind,
      title: "a call without arguments has an empty object for them",
      run: () =>
        calling([call("a", "clock", "{}")], (outcome) =>
          checkEqual(contentOf(outcome), expectedContent([call("a", "clock", "{}")]), "The call"),
        ),
    },
  ];
}

function requestCases(target: Target, work: StreamWork): readonly CaseDefinition[] {
  const kind = "chat";

  async function send(
    request: Partial<ChatRequest>,
  ): Promise<{ readonly sent: string | undefined; readonly error: unknown }> {
    let result: Awaited<ReturnType<typeof send>> = { sent: undefined, error: undefined };
    const play = streaming(target, work.wire, { answer: HELLO });
    await onStage(target, { play }, async (stage) => {
      const { parts, error } = await readAnswer(
        chatModel(stage.provider, target.modelId).stream({ messages: ASK, tools: TOOLS, ...request }),
      );
      result = { sent: requestsTo(stage, work.path)[0]?.text, error: isWarned(parts, "toolChoice") ? WARNED : error };
    });
    return result;
  }

  async function arrives(request: Partial<ChatRequest>, markers: readonly string[], setting: string): Promise<void> {
    const { sent, error } = await send(request);
    if (error === undefined)
      return checkEqual(
        markers.filter((marker) => !sent?.includes(marker)),
        [],
        "What did not arrive",
      );
    checkError(error, "unsupported", "for tools");
    checkEqual(error.setting, setting, "The setting that the error names");
    checkEqual(sent, undefined, "What was sent all the same");
  }

  return [
    {
      id: "tools.definitions",
      kind,
      title: "name, description and parameters arrive, or tools are refused before anything is sent",
      run: () => arrives({}, ["weather", "descriptionmarker", "parametermarker", "clock"], "tools"),
    },
    {
      id: "tools.history",
      kind,
      title: "earlier calls and their results arrive",
      run: () => arrives({ messages: HISTORY }, ["weather", "argumentmarker", "resultmarker"], "tools"),
    },
    {
      id: "tools.choice",
      kind,
      title: "a choice of tools changes the request, or is refused before anything is sent",
      async run() {
        const free = await send({});
        if (free.error !== undefined) return checkError(free.error, "unsupported", "for tools");
        const choices: readonly ToolChoice[] = ["none", "required", { name: "clock" }];
        for (const toolChoice of choices) {
          const { sent, error } = await send({ toolChoice });
          if (error === WARNED) continue;
          if (sent !== undefined)
            // What comes of it is the upstream's doing, which here never calls anything.
            check(sent !== free.sent, `toolChoice ${show(toolChoice)} vanished: the request is the one without it.`);
          else {
            checkError(error, "unsupported", `for toolChoice ${show(toolChoice)}`);
            checkEqual(error.setting, "toolChoice", "The setting that the error names");
          }
        }
      },
    },
  ];
}

const WARNED = new Error("It was warned about.");

function isWarned(parts: readonly StreamPart[], setting: string): boolean {
  return parts.some((part) => part.type === "start" && part.warnings.some((warning) => warning.setting === setting));
}

function call(id: string, name: string, text: string): ToolCallPart {
  return { type: "tool-call", id, name, arguments: text };
}

const SEVERAL: readonly ToolCallPart[] = [
  call("a", "weather", '{"city":"Łódź"}'),
  call("b", "weather", '{"city":"Oslo"}'),
  call("c", "clock", '{"zone":"UTC"}'),
];

const ASK: readonly Message[] = [userMessage("What is the weather?")];

const TOOLS: readonly ToolDefinition[] = [
  {
    name: "weather",
    description: "descriptionmarker",
    parameters: { type: "object", properties: { city: { type: "string", description: "parametermarker" } } },
  },
  { name: "clock", parameters: { type: "object", properties: {} } },
];

const HISTORY: readonly Message[] = [
  ...ASK,
  { role: "assistant", content: [call("call_1", "weather", '{"city":"argumentmarker"}')] },
  { role: "tool", callId: "call_1", name: "weather", content: "resultmarker" },
];
