/**
 * About how many tokens the texts of a prompt or of messages come to. Whoever tokenises them counts otherwise: this is four
 * bytes a token, and four tokens around each message. Images and other binary data do not count.
 */
export function estimateTokens(prompt: unknown): number {
  const around = Array.isArray(prompt) ? prompt.length * 4 : 0;
  return Math.ceil(bytesOf(prompt) / 4) + around;
}

function bytesOf(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value)
    .filter(([name]) => !NO_TEXT.has(name))
    .reduce((bytes, [, member]) => bytes + bytesOf(member), 0);
}

const NO_TEXT: ReadonlySet<string> = new Set(["image_url", "images", "type", "id", "tool_call_id"]);
