import type { JsonObject, JsonValue, ToolDefinition } from "@llamaduct/core";
import type { PieceReader, Reading } from "./piece-reader.ts";
import { isJsonObject } from "./schema-reference.ts";

export interface LeakedCall {
  readonly name: string;
  readonly arguments: string;
}
/** By name. */
export type KnownTools = ReadonlyMap<string, ToolDefinition>;
/** `undefined`: what came is no call. It is given as soon as that is certain. */
export type LeakedCalls = Reading<readonly LeakedCall[] | undefined>;

/** A JSON object that is a call or holds some, from its brace on: `{"name", "arguments"}`, in OpenAI's wrappings too. */
export function* readCallObject(reader: PieceReader, tools: KnownTools, depth = 0): LeakedCalls {
  let name: string | undefined;
  let text: string | undefined;
  let nested: readonly LeakedCall[] | undefined;
  if (depth > MAX_DEPTH) return undefined;
  reader.take();
  for (let char = yield* reader.skipSpace(); char !== "}"; ) {
    if (char !== '"') return undefined;
    const key = (yield* reader.wholeString()) ?? "";
    if ((yield* reader.skipSpace()) !== ":") return undefined;
    reader.take();
    const first = yield* reader.skipSpace();
    if (NAMES.has(key) && first === '"') {
      name = yield* reader.wholeString();
      if (name === undefined || !tools.has(name)) return undefined;
    } else if (ARGUMENTS.has(key)) {
      text = yield* readArguments(reader);
      if (text === undefined) return undefined;
    } else if (key === "function" && first === "{") {
      nested = yield* readCallObject(reader, tools, depth + 1);
      if (nested === undefined) return undefined;
    } else if (key === "tool_calls" && first === "[") {
      reader.take();
      nested = yield* readCallList(reader, tools, depth + 1);
      if (nested === undefined) return undefined;
    } else if (IGNORED.has(key) && first !== "{" && first !== "[") {
      yield* reader.value(() => {});
    } else return undefined;
    char = yield* reader.skipSpace();
    if (char === ",") {
      reader.take();
      char = yield* reader.skipSpace();
    } else if (char !== "}") return undefined;
  }
  reader.take();
  if (nested !== undefined) return name === undefined && text === undefined ? nested : undefined;
  if (name === undefined || text === undefined || isDefinition(text, tools.get(name))) return undefined;
  return [{ name, arguments: text }];
}

/** A list of such objects, from behind its bracket on. */
export function* readCallList(reader: PieceReader, tools: KnownTools, depth = 0): LeakedCalls {
  const calls: LeakedCall[] = [];
  for (;;) {
    if ((yield* reader.skipSpace()) !== "{") return undefined;
    const more = yield* readCallObject(reader, tools, depth);
    if (more === undefined) return undefined;
    calls.push(...more);
    const char = yield* reader.skipSpace();
    if (char !== "," && char !== "]") return undefined;
    reader.take();
    if (char === "]") return calls;
  }
}

/** `NAME{…}` or `NAME[ARGS]{…}`. */
export function* readNamedCall(reader: PieceReader, tools: KnownTools): LeakedCalls {
  const name = yield* readName(reader, tools, "{[");
  if (name === undefined) return undefined;
  if ((yield* reader.peek()) === "[" && !(yield* reader.skipLiteral("[ARGS]"))) return undefined;
  const text = yield* readArguments(reader);
  return text === undefined ? undefined : [{ name, arguments: text }];
}

/** `NAME>{…}</function>`, or with `<parameter=KEY>value</parameter>` for each argument, from behind `<function=` on. */
export function* readFunctionTag(reader: PieceReader, tools: KnownTools): LeakedCalls {
  const name = yield* readName(reader, tools, ">");
  if (name === undefined) return undefined;
  reader.take();
  const isJson = (yield* reader.skipSpace()) === "{";
  const text = isJson ? yield* readArguments(reader) : yield* readParameters(reader, tools.get(name));
  return text !== undefined && (yield* skipEndTag(reader)) ? [{ name, arguments: text }] : undefined;
}

/** `{"tool_calls": [{"function": {…}}]}` has two levels below its own. */
const MAX_DEPTH = 2;
const NAMES: ReadonlySet<string> = new Set(["name", "function", "tool", "tool_name"]);
const ARGUMENTS: ReadonlySet<string> = new Set(["arguments", "parameters", "args"]);
const KEY_END = /[>\n]/g;
const IGNORED: ReadonlySet<string> = new Set(["id", "type", "index"]);

/** A tool's name, up to one of some characters, which is not passed. */
function* readName(reader: PieceReader, tools: KnownTools, ends: string): Reading<string | undefined> {
  const names = [...tools.keys()];
  let name = "";
  for (;;) {
    const char = yield* reader.peek();
    if (char === "") return undefined;
    if (ends.includes(char)) return tools.has(name) ? name : undefined;
    name += char;
    if (!names.some((known) => known.startsWith(name))) return undefined;
    reader.take();
  }
}

/** An object, or one inside a string, as the model wrote it. */
function* readArguments(reader: PieceReader): Reading<string | undefined> {
  const first = yield* reader.skipSpace();
  const pieces: string[] = [];
  const keep = (piece: string) => void pieces.push(piece);
  if (first === "{") yield* reader.value(keep);
  else if (first === '"') yield* reader.string(keep);
  const text = pieces.join("");
  return isObjectText(text) ? text : undefined;
}

function* readParameters(reader: PieceReader, tool: ToolDefinition | undefined): Reading<string | undefined> {
  const properties = propertiesOf(tool);
  const values: [string, JsonValue][] = [];
  for (;;) {
    if ((yield* reader.skipSpace()) === "") return JSON.stringify(Object.fromEntries(values));
    if (!(yield* reader.skipLiteral("<"))) return undefined;
    if ((yield* reader.peek()) === "/") return JSON.stringify(Object.fromEntries(values));
    if (!(yield* reader.skipLiteral("parameter="))) return undefined;
    const key = yield* readKey(reader);
    const text = yield* reader.takeThrough("</parameter>");
    if (key === undefined || text === undefined) return undefined;
    values.push([key, toValue(text.replace(/^\n/, "").replace(/\n$/, ""), properties[key])]);
  }
}

function* readKey(reader: PieceReader): Reading<string | undefined> {
  const pieces: string[] = [];
  for (;;) {
    pieces.push(reader.takeUntil(KEY_END));
    const char = yield* reader.peek();
    if (char === ">") reader.take();
    if (char === ">") return pieces.join("");
    if (char === "" || char === "\n") return undefined;
  }
}

/** `</function>`, or what is left of it when `<` was read, or the end of the text. */
function* skipEndTag(reader: PieceReader): Reading<boolean> {
  const char = yield* reader.skipSpace();
  return char === "" || (yield* reader.skipLiteral(char === "/" ? "/function>" : "</function>"));
}

/** Such parameters have no quotes: the tool's schema says whether `5` is text. */
function toValue(text: string, schema: JsonValue | undefined): JsonValue {
  if (isJsonObject(schema) && schema["type"] === "string") return text;
  return parse(text) ?? (text.trim() === "null" ? null : text);
}

function isObjectText(text: string): boolean {
  return isJsonObject(parse(text));
}

/** Models that are asked what they can do repeat their tools: `parameters` are a schema then, not arguments. */
function isDefinition(text: string, tool: ToolDefinition | undefined): boolean {
  const value = parse(text);
  const isSchema = isJsonObject(value) && value["type"] === "object" && isJsonObject(value["properties"]);
  return isSchema && !Object.hasOwn(propertiesOf(tool), "properties");
}

function propertiesOf(tool: ToolDefinition | undefined): JsonObject {
  // Typed as required, but callers without types leave it out.
  const properties = isJsonObject(tool?.parameters) ? tool.parameters["properties"] : undefined;
  return isJsonObject(properties) ? properties : {};
}

function parse(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
