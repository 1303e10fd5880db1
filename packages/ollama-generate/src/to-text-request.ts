import type { ChatRequest, ImagePart, Message, TextPart, TextRequest } from "@llamaduct/core";

/**
 * A chat of at most one system text and one user turn as a completion: the server puts both into the model's own
 * template, once. `undefined` for a chat that says more.
 */
export function toTextRequest(request: ChatRequest): TextRequest | undefined {
  const { messages, tools = [], toolChoice = "auto", parallelToolCalls: _, ...common } = request;
  const turns = split(messages);
  if (turns === undefined || (tools.length > 0 && toolChoice !== "none")) return undefined;
  // A call that is demanded is the chat adapter's to refuse.
  if (toolChoice === "required" || typeof toolChoice === "object") return undefined;
  const prompt = joinText(turns.user.content);
  // Empty ones mean something else on this endpoint: "load the model", "the model's own system text".
  if (prompt === "" || turns.system === "") return undefined;
  const images = turns.user.content.filter((part): part is ImagePart => part.type === "image");
  return {
    ...common,
    prompt,
    ...(turns.system !== undefined && { system: turns.system }),
    ...(images.length > 0 && { images }),
  };
}

type UserMessage = Extract<Message, { role: "user" }>;

function split(messages: readonly Message[]): { readonly system?: string; readonly user: UserMessage } | undefined {
  const [first, second, third] = messages;
  if (first?.role === "user" && second === undefined) return named(first) ? undefined : { user: first };
  if (first?.role !== "system" || second?.role !== "user" || third !== undefined) return undefined;
  return named(second) ? undefined : { system: first.content, user: second };
}

/** Who speaks has no place in a prompt; the chat adapter warns of it. */
function named({ name }: UserMessage): boolean {
  return name !== undefined;
}

function joinText(parts: readonly (TextPart | ImagePart)[]): string {
  return parts
    .filter((part) => part.type === "text")
    .map(({ text }) => text)
    .join("\n");
}
