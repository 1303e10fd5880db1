import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isSeq,
  LineCounter,
  parseDocument,
  type Tags,
  type YAMLParseError,
} from "yaml";
import { StartError } from "../cli/start-error.ts";

export interface ParsedYaml {
  readonly value: unknown;
  readonly where: Where;
  /** Places of keys that their map had already: the last one counts, as in Python. */
  readonly repeated: readonly string[];
}

/** `config.yaml:3 model_list[0].litellm_params`: how a sentence about that place begins. */
export type Where = (keys: YamlPath) => string;

export type YamlPath = readonly PropertyKey[];

/** Python's parser is of YAML 1.1: `yes` is true, and `<<` merges. Only what JSON holds too is kept of it: no dates. */
const AS_LITELLM = { version: "1.1", customTags: (tags: Tags) => tags.filter(isJson).map(asPython) } as const;

function isJson(tag: Tags[number]): boolean {
  return typeof tag === "string" || !/:(timestamp|binary|omap|pairs|set)$/.test(tag.tag);
}

/** YAML 1.1 has `y` and `n` as booleans, too; Python does not. */
function asPython(tag: Tags[number]): Tags[number] {
  if (typeof tag === "string" || !tag.tag.endsWith(":bool")) return tag;
  const test = tag.identify?.(true)
    ? /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/
    : /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;
  return { ...tag, test } as typeof tag;
}

/** Aliases filled in: more than any real file, less than what a file made to grow comes to. */
const MAX_NODES = 200_000;

/** Parses YAML and keeps where everything stands. Throws a `StartError` with a line for each fault. */
export function parseYaml(path: string, text: string): ParsedYaml {
  const lines = new LineCounter();
  const at = (offset: number | undefined) => (offset === undefined ? path : `${path}:${lines.linePos(offset).line}`);
  const document = parseDocument(text, { ...AS_LITELLM, lineCounter: lines, prettyErrors: false });
  const [repeated, errors] = [
    document.errors.filter(isRepetition),
    document.errors.filter((error) => !isRepetition(error)),
  ];
  if (errors.length > 0) throw new StartError(errors.map((error) => `${at(error.pos[0])} ${error.message}`).join("\n"));
  if (sizeOf(document.contents, new Map()) > MAX_NODES)
    throw new StartError(`${path}: its aliases make more than ${MAX_NODES} values of it.`);
  try {
    // The limit above is on what becomes of them; many aliases of small things are ordinary.
    const value: unknown = document.toJS({ maxAliasCount: -1 });
    return {
      value,
      where: (keys) => `${at(offsetOf(document, keys))} ${dotted(keys)}`,
      repeated: repeated.map(({ pos: [start] }) => `${at(start)} ${/^[^\s:]*/.exec(text.slice(start))?.[0]}`),
    };
  } catch (error) {
    // Aliases are followed only now: one without an anchor, or of what it stands in.
    throw new StartError(`${path}: ${(error as Error).message}`);
  }
}

function isRepetition({ code }: YAMLParseError): boolean {
  return code === "DUPLICATE_KEY";
}

/** Values there are once every alias is filled in. Anchors stand before their aliases; one around its alias has no end. */
function sizeOf(node: unknown, anchors: Map<string, number>): number {
  if (isAlias(node)) return anchors.get(node.source) ?? 1;
  const anchor = isMap(node) || isSeq(node) ? node.anchor : undefined;
  if (anchor !== undefined) anchors.set(anchor, Number.POSITIVE_INFINITY);
  let size = 1;
  if (isMap(node)) for (const { key, value } of node.items) size += sizeOf(key, anchors) + sizeOf(value, anchors);
  if (isSeq(node)) for (const item of node.items) size += sizeOf(item, anchors);
  if (anchor !== undefined) anchors.set(anchor, size);
  return size;
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
  const pair = isMap(node) ? node.items.findLast((item) => String(item.key) === key) : undefined;
  return [pair?.key, pair?.value];
}

/** `model_list[0].litellm_params.model`. */
function dotted(keys: YamlPath): string {
  const text = keys.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return text === "" ? "the file" : text.replace(/^\./, "");
}
