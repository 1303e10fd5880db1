import type { ChatRequest, JsonObject, ReasoningEffort, SettingName } from "@llamaduct/core";
import { KINDS } from "../src/coerce.ts";
import { BODY_FIELDS, type Endpoint, FORMER_OPTIONS, OPTIONS, placeExtras } from "../src/place-extras.ts";
import { type CommonRequest, toRequestFields } from "../src/to-request-fields.ts";

type Adapter = Exclude<Endpoint, "embed">;

/** What becomes of every OpenAI parameter and every Ollama option, as Markdown. Told by converting each of them. */
export function parameterTable(endpoint: Adapter): string {
  const settings = Object.values(SETTINGS).map(({ field, probe }) => row(`\`${field}\``, outcome(probe, endpoint)));
  const options = Object.entries(OPTIONS).map(([name, kind]) => row(`\`${name}\``, `\`options.${name}\``, KINDS[kind]));
  const fields = Object.entries(BODY_FIELDS)
    .filter(([, field]) => field.endpoints.includes(endpoint))
    .map(([name, { kind }]) =>
      row(`\`${name}\``, `\`${name}\``, [KINDS[kind], NOTES[name]].filter(Boolean).join("; ")),
    );
  return [
    ...head("OpenAI's parameter"),
    ...SHAPES[endpoint].map(([field, text]) => row(field, text)),
    ...settings,
    ...EFFORTS.map((effort) => row(`\`reasoning_effort: "${effort}"\``, outcome({ reasoning: effort }, endpoint))),
    ...FORMATS.map(([text, responseFormat]) => row(text, outcome({ responseFormat }, endpoint))),
    row("`stream`, `stream_options`, `n`", "the engine's: upstream is always streamed, `n` is as many requests"),
    row("`user`, `store`, `metadata`, `service_tier`", "accepted with a warning, before the adapter"),
    "",
    ...head("Ollama's, in `extra`", "value"),
    ...options,
    ...fields,
    row("`options`", "its members, each as above", "an object"),
    row(FORMER_OPTIONS.map((name) => `\`${name}\``).join(", "), "a warning: Ollama no longer has them"),
    row("anything else", outcome({ extra: { surprise: 1 } }, endpoint)),
  ].join("\n");
}

/** The README with its marked section replaced. Throws when it has none. */
export function withParameterTable(readme: string, endpoint: Adapter): string {
  const section = /(<!-- parameters -->\n)[\s\S]*?(\n<!-- \/parameters -->)/;
  if (!section.test(readme)) throw new Error("The README has no <!-- parameters --> section.");
  return readme.replace(section, (_, start, end) => `${start}\n${parameterTable(endpoint)}\n${end}`);
}

const probe = (settings: CommonRequest["settings"]): CommonRequest => ({ settings });

/** Every setting of the contract, as OpenAI spells it. */
const SETTINGS: Readonly<Record<SettingName, { readonly field: string; readonly probe: CommonRequest }>> = {
  maxOutputTokens: { field: "max_completion_tokens`, `max_tokens", probe: probe({ maxOutputTokens: 1 }) },
  temperature: { field: "temperature", probe: probe({ temperature: 1 }) },
  topP: { field: "top_p", probe: probe({ topP: 1 }) },
  topK: { field: "top_k", probe: probe({ topK: 1 }) },
  minP: { field: "min_p", probe: probe({ minP: 1 }) },
  frequencyPenalty: { field: "frequency_penalty", probe: probe({ frequencyPenalty: 1 }) },
  presencePenalty: { field: "presence_penalty", probe: probe({ presencePenalty: 1 }) },
  seed: { field: "seed", probe: probe({ seed: 1 }) },
  stop: { field: "stop", probe: probe({ stop: ["x"] }) },
  logprobs: { field: "logprobs`, `top_logprobs", probe: probe({ logprobs: 1 }) },
  logitBias: { field: "logit_bias", probe: probe({ logitBias: { 1: 1 } }) },
};

const EFFORTS: readonly ReasoningEffort[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

const FORMATS: readonly (readonly [string, ChatRequest["responseFormat"]])[] = [
  ["`response_format: text`", { type: "text" }],
  ["`response_format: json_object`", { type: "json" }],
  ["`response_format: json_schema`", { type: "json", schema: {} }],
];

/** What is not a setting: the adapters' own work, pinned by the tests of their converters. */
const SHAPES: Readonly<Record<Adapter, readonly (readonly [string, string])[]>> = {
  chat: [
    ["`messages`", "`messages`, one for each; images beside their text; `name` is a warning"],
    ["`tools`", "`tools`"],
    ['`tool_choice: "none"`', "no `tools`"],
    ['`tool_choice: "required"`, a named one', "`unsupported`: the engine's `json-tool-calls` can"],
    ["`parallel_tool_calls: false`", "a warning"],
    ["`prompt`, `suffix`", "the provider `ollama`, else `unsupported`"],
  ],
  generate: [
    ["`prompt`", "`prompt`, as it is; an empty one before a suffix is a line break"],
    ["`suffix`", "`suffix`; `unsupported` for a model without the capability"],
    ["`messages`: at most one system text, one user turn", "`system`, `prompt`, `images`"],
    ["`messages`: more than that; `tools`", "the provider `ollama_chat`, else `unsupported`"],
    ["`echo`, `best_of`", "the engine's"],
  ],
};

const NOTES: Readonly<Record<string, string>> = {
  truncate: "default `false`, so that what is too long is an error",
  think: "left out with a warning where the model is known not to think",
  shift: "current servers load the model again when it changes",
  raw: "takes no template, system text, context or suffix beside it",
  system: "the request's own system text wins",
  context: "`true` asks for it in `finish.metadata.context`; a list is sent, and answered with one",
};

type Request = CommonRequest & { readonly extra?: JsonObject };

function outcome({ extra, ...request }: Request, endpoint: Adapter): string {
  const { fields, warnings } = toRequestFields(request, { extras: extra && placeExtras(extra, endpoint) });
  const { options = {}, truncate: _, ...rest } = fields;
  const sent = [
    ...Object.keys(options).map((name) => `\`options.${name}\``),
    ...Object.entries(rest).map(([name, value]) =>
      TELLING.includes(name) ? `\`${name}: ${tell(value)}\`` : `\`${name}\``,
    ),
  ];
  const told = warnings.length > 0 ? ["a warning"] : [];
  // What is neither sent nor told here is core's to report, but for `text`, which is no format.
  const nothing = request.responseFormat === undefined ? "a warning" : "nothing";
  return [...sent, ...told].join(", ") || nothing;
}

/** Fields whose value is not the parameter's own. */
const TELLING: readonly string[] = ["think", "format"];

function tell(value: unknown): string {
  return typeof value === "object" ? "<the schema>" : JSON.stringify(value);
}

function head(...names: readonly string[]): string[] {
  const [first = "", ...others] = names;
  const cells = [first, "becomes", ...others];
  return [`| ${cells.join(" | ")} |`, `|${cells.map(() => "---").join("|")}|`];
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
