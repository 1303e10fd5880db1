import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { closest, distance } from "fastest-levenshtein";
import { FLAGS, type Flag, IGNORED_FLAGS, toFlag } from "./flags.ts";

/** What was asked for: by a flag, else by its environment variable. A switch that nobody turned on is `false`. */
export type CommandLine = { readonly [Name in keyof typeof FLAGS]: ValueOf<(typeof FLAGS)[Name]["kind"]> };

type ValueOf<Kind extends Flag["kind"]> = Kind extends "switch"
  ? boolean
  : (Kind extends "text" ? string : number) | undefined;

export interface ParsedCommandLine {
  readonly options: CommandLine;
  /** A sentence for each flag that has no effect. */
  readonly warnings: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws an `Error` whose message says what is wrong with the arguments, or with a variable. */
export function parseCommandLine(args: readonly string[], environment: Environment = {}): ParsedCommandLine {
  const { given, warnings } = readArguments(args);
  const entries = Object.entries<Flag>(FLAGS).map(([name, flag]) => {
    const fromVariable = flag.variable === undefined ? undefined : environment[flag.variable] || undefined;
    const [text, source] = given.has(name) ? [given.get(name), toFlag(name)] : [fromVariable, flag.variable];
    return [name, text === undefined ? nothing(flag) : toValue(text, { flag, source })];
  });
  // Each name of the table with a value of its kind.
  return { options: Object.fromEntries(entries) as CommandLine, warnings };
}

const ALL: Readonly<Record<string, Pick<Flag, "kind" | "short">>> = { ...FLAGS, ...IGNORED_FLAGS };
const NAMES: ReadonlyMap<string, string> = new Map(Object.keys(ALL).map((name) => [toFlag(name), name]));

interface Given {
  readonly given: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** Not strict, since `parseArgs` neither knows LiteLLM's spelling nor says what a mistyped flag may have meant. */
function readArguments(args: readonly string[]): Given {
  const { tokens } = parseArgs({ args: args.map(toKebab), options: OPTIONS, strict: false, tokens: true });
  const given = new Map<string, string>();
  const warnings: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") throw new Error(unexpected(token.value));
    if (token.kind !== "option") continue;
    const name = NAMES.get(`--${token.name}`);
    if (name === undefined) throw new Error(unknown(token.rawName));
    const { kind } = ALL[name] ?? {};
    if (kind === "switch" && token.inlineValue) throw new Error(`${token.rawName} takes no value.`);
    if (kind !== "switch" && (token.value === undefined || (!token.inlineValue && NAMES.has(token.value))))
      throw new Error(`${token.rawName} needs a value.`);
    given.set(name, token.value ?? "true");
    const ignored = IGNORED_FLAGS[name];
    if (ignored !== undefined) warnings.push(`${token.rawName} has no effect. ${ignored.why}`);
  }
  return { given, warnings };
}

const OPTIONS: ParseArgsOptionsConfig = Object.fromEntries(
  Object.entries(ALL).map(([name, { kind, short }]) => [
    toFlag(name).slice(2),
    { type: kind === "switch" ? "boolean" : "string", ...(short !== undefined && { short }) },
  ]),
);

function toKebab(argument: string): string {
  return argument.replace(/^--[^=]*/, (flag) => flag.replaceAll("_", "-"));
}

function unknown(flag: string): string {
  const near = closest(flag, [...NAMES.keys()]);
  const hint = distance(flag, near) <= Math.max(2, flag.length / 4) ? ` Did you mean ${near}?` : "";
  return `There is no flag ${flag}.${hint}`;
}

function unexpected(value: string): string {
  return `"${value}" belongs to no flag.${/\.ya?ml$/i.test(value) ? ` Did you mean --config ${value}?` : ""}`;
}

function nothing({ kind }: Flag): boolean | undefined {
  return kind === "switch" ? false : undefined;
}

interface Origin {
  readonly flag: Flag;
  readonly source: string | undefined;
}

function toValue(text: string, { flag, source }: Origin): string | number | boolean {
  const { kind, min = -Infinity, max = Infinity } = flag;
  if (kind === "text") return text;
  // As LiteLLM reads its variables.
  if (kind === "switch" && /^(1|true|t|yes|y|on)$/i.test(text)) return true;
  if (kind === "switch" && /^(0|false|f|no|n|off)$/i.test(text)) return false;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (kind !== "switch" && value >= min && value <= max && (kind === "number" || Number.isInteger(value))) return value;
  throw new Error(`${source} must be ${expected(flag)}, not "${text}".`);
}

function expected({ kind, min, max }: Flag): string {
  if (kind === "switch") return "true or false";
  const bounds = max === undefined ? (min === undefined ? "" : ` of at least ${min}`) : ` from ${min ?? 0} to ${max}`;
  return `a ${kind === "whole" ? "whole " : ""}number${bounds}`;
}
