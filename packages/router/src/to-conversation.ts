export interface Conversation {
  /** The same over all turns. */
  readonly key: string;
  /** An assistant has answered before. One-off requests with the same beginning are no conversation, and are spread. */
  readonly isContinued: boolean;
}

/** What a chat begins with, up to its first user's message, as a short text; `undefined` without one. */
export function toConversation(messages: readonly { readonly role: string }[]): Conversation | undefined {
  const first = messages.findIndex(({ role }) => role === "user");
  if (first === -1) return undefined;
  const key = digest(JSON.stringify(messages.slice(0, first + 1), shortened));
  return { key, isContinued: messages.some(({ role }) => role === "assistant") };
}

/** Images and documents are told apart by their ends. */
function shortened(_: string, value: unknown): unknown {
  if (typeof value !== "string" || value.length <= 1024) return value;
  return `${value.slice(0, 512)}${value.length}${value.slice(-512)}`;
}

/** Two hashes of 32 bits: conversations that share them only share a preference. */
function digest(text: string): string {
  let [one, other] = [0x811c9dc5, 0x1b873593];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    one = Math.imul(one ^ unit, 0x01000193);
    other = Math.imul(other ^ unit, 0x5bd1e995);
  }
  return `${(one >>> 0).toString(36)}-${(other >>> 0).toString(36)}`;
}
