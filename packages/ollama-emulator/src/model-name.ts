/**
 * The name an Ollama server files a model under: `plain` → `registry.ollama.ai/library/plain:latest`. Two spellings of
 * one model give the same string. (The server keeps the case of the installed name; all scripted ones are lower-case.)
 */
export function fullModelName(name: string): string {
  const parts = withTag(name).toLowerCase().split("/");
  return [...["registry.ollama.ai", "library"].slice(0, Math.max(0, 3 - parts.length)), ...parts].join("/");
}

/** The name with its tag shown: `plain` → `plain:latest`. The tag is what follows the last colon after the last slash. */
export function withTag(name: string): string {
  return name.includes(":", name.lastIndexOf("/") + 1) ? name : `${name}:latest`;
}
