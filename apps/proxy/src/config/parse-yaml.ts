import { type Document, isAlias, isMap, isNode, isSeq, LineCounter, parseDocument } from "yaml";
import { StartError } from "../cli/start-error.ts";

export interface ParsedYaml {
  readonly value: unknown;
  /** `config.yaml:3: model_list[0].litellm_params`: how a sentence about that place begins. */
  readonly where: (keys: YamlPath) => string;
}

export type YamlPath = readonly PropertyKey[];

/** Parses YAML and keeps where everything stands. Throws a `StartError` with a line for each fault. */
export function parseYaml(path: string, text: string): ParsedYaml {
  const lines = new LineCounter();
  const at = (offset: number | undefined) => (offset === undefined ? path : `${path}:${lines.linePos(offset).line}`);
  // LiteLLM's parser merges `<<`, which YAML 1.2 no longer has.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  if (document.errors.length > 0)
    throw new StartError(document.errors.map((error) => `${at(error.pos[0])}: ${error.message}`).join("\n"));
  try {
    return { value: document.toJS(), where: (keys) => `${at(offsetOf(document, keys))}: ${dotted(keys)}` };
  } catch (error) {
    // Aliases are followed only now: one without an anchor, or too many of them.
    throw new StartError(`${path}: ${(error as Error).message}`);
  }
}

/** Where the last of the keys stands, or its nearest parent that the file has. */
function offsetOf(document: Document.Parsed, keys: YamlPath): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const key of keys) {
    const [name, value] = entryOf(isAlias(node) ? node.resolve(document) : node, key);
    if (!isNode(name)) break;
    offset = name.range?.[0];
    node = value;
  }
  return offset;
}

function entryOf(node: unknown, key: PropertyKey): readonly [name: unknown, value: unknown] {
  if (isSeq(node) && typeof key === "number") return [node.items[key], node.items[key]];
  const pair = isMap(node) ? node.items.find((item) => String(item.key) === key) : undefined;
  return [pair?.key, pair?.value];
}

/** `model_list[0].litellm_params.model`. */
function dotted(keys: YamlPath): string {
  const text = keys.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return text === "" ? "the file" : text.replace(/^\./, "");
}
