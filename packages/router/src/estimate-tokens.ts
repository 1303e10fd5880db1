/** A rough guess at what a request's JSON comes to: four characters a token. Images are left out. */
export function estimateTokens(value: unknown): number {
  const text = JSON.stringify(value, (key, inner: unknown) => (IMAGES.has(key) ? undefined : inner)) ?? "";
  return Math.ceil(text.length / 4);
}

/** Where the contract and OpenAI's JSON have them. */
const IMAGES: ReadonlySet<string> = new Set(["data", "image_url", "images"]);
