import type { ChatRequest, Message } from "@llamaduct/core";
import { check, checkEqual, checkError, rejection } from "../check.ts";
import type { CaseDefinition } from "../conformance-cases.ts";
import { readAnswer } from "../read-answer.ts";
import { onStage, requestsTo } from "../stage.ts";
import type { Target } from "../target.ts";
import { chatModel, streamWorksOf, userMessage } from "../work.ts";

/** What only a chat has: a history. */
export function chatCases(target: Target): readonly CaseDefinition[] {
  const work = streamWorksOf(target).find(({ kind }) => kind === "chat");
  if (work === undefined) return [];
  const kind = "chat";

  /** What the upstream was sent, or the refusal if nothing was. */
  async function send(request: ChatRequest, look: (sent: string | undefined, error: unknown) => void): Promise<void> {
    await onStage(target, work ?? { play: () => "silent" }, async (stage) => {
      const { error } = await readAnswer(chatModel(stage.provider, target.modelId).stream(request));
      look(requestsTo(stage, work?.path ?? [])[0]?.text, error);
    });
  }

  return [
    {
      id: "chat.history",
      kind,
      title: "every message arrives, in its order",
      run: () =>
        send({ messages: HISTORY }, (sent, error) => {
          if (error !== undefined) throw error;
          const places = MARKERS.map((marker) => sent?.indexOf(marker) ?? -1);
          const missing = MARKERS.filter((_, index) => places[index] === -1);
          checkEqual(missing, [], "What did not arrive of a conversation");
          checkEqual(
            places,
            places.toSorted((a, b) => a - b),
            "The order in which the messages arrived",
          );
        }),
    },
    {
      id: "chat.images",
      kind,
      title: "an image arrives, or is refused before anything is sent",
      run: () =>
        send({ messages: [IMAGE] }, (sent, error) => {
          if (error === undefined)
            return check(
              sent?.includes("aW1hZ2VtYXJrZXI=") ?? false,
              "An image vanished: it was neither sent nor refused.",
            );
          checkError(error, "unsupported", "for an image");
          checkEqual(error.setting, "messages", "The setting that the error names");
          checkEqual(sent, undefined, "What was sent all the same");
        }),
    },
    {
      id: "chat.no-messages",
      kind,
      title: "a conversation without messages is refused before anything is sent",
      run: () =>
        onStage(target, work, async (stage) => {
          const stream = chatModel(stage.provider, target.modelId).stream({ messages: [] });
          const error = await rejection(readAnswer(stream).then((outcome) => Promise.reject(outcome.error)));
          checkError(error, "invalid_value", "for a conversation without messages");
          checkEqual(error.setting, "messages", "The setting that the error names");
          checkEqual(stage.requests.length, 0, "The number of requests");
        }),
    },
  ];
}

const MARKERS = ["systemmarker", "firstmarker", "answermarker", "secondmarker"] as const;

const HISTORY: readonly Message[] = [
  { role: "system", content: MARKERS[0] },
  userMessage(MARKERS[1]),
  { role: "assistant", content: [{ type: "text", text: MARKERS[2] }] },
  userMessage(MARKERS[3]),
];

const IMAGE: Message = {
  role: "user",
  content: [
    { type: "text", text: "What is this?" },
    { type: "image", mediaType: "image/png", data: "aW1hZ2VtYXJrZXI=" },
  ],
};
