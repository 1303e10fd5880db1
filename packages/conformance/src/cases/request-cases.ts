import { defineProvider, type JsonObject, type Provider, type SettingName, type Settings } from "@llamaduct/core";
import { check, checkEqual, checkError, rejection, show } from "../check.ts";
import type { CaseDefinition } from "../conformance-cases.ts";
import { readAnswer, startOf } from "../read-answer.ts";
import { API_KEY, onStage, requestsTo, type Stage } from "../stage.ts";
import type { Target } from "../target.ts";
import { type Ask, type StreamWork, streamWorksOf, type Work } from "../work.ts";

/** Each unlike any other number or text in a request. */
const SETTINGS: Required<{ [Name in SettingName]: NonNullable<Settings[Name]> }> = {
  maxOutputTokens: 321,
  temperature: 0.625,
  topP: 0.875,
  topK: 37,
  minP: 0.0625,
  frequencyPenalty: 0.375,
  presencePenalty: 0.1875,
  logitBias: { 50256: -7 },
  seed: 918273,
  stop: ["@@stop@@", "@@end@@"],
  logprobs: 3,
};

/** Values that a careless `||` would lose. */
const ZEROS: Settings = { temperature: 0, topP: 0, seed: 0, frequencyPenalty: 0, presencePenalty: 0, logprobs: 0 };

/** What is asked of the upstream, for every kind of work. */
export function requestCases(target: Target, work: Work): readonly CaseDefinition[] {
  const { kind } = work;
  const stream = streamWorksOf(target).find((one) => one.kind === kind);
  return [
    {
      id: "request.credentials",
      kind,
      title: "the key goes to the upstream in a header, and a caller's headers cannot replace it",
      run: () =>
        onStage(target, work, async (stage) => {
          const headers = {
            Authorization: "Bearer of-the-caller",
            cookie: "of-the-caller",
            "x-trace-id": "trace-4711",
          };
          await work.run(stage.provider, { headers });
          const [request] = requestsTo(stage, work.path);
          check(request !== undefined, "The upstream was not asked.");
          const sent = JSON.stringify(request.headers);
          check(sent.includes(API_KEY), "The key is in none of the request's headers.");
          check(!sent.includes("of-the-caller"), "The caller's own credentials were sent to the upstream.");
          checkEqual(request.headers["x-trace-id"], "trace-4711", "The caller's header x-trace-id");
          check(!(request.path + request.query + request.text).includes(API_KEY), "The key is in the URL or the body.");
        }),
    },
    ...(stream === undefined ? [] : settingCases(target, stream)),
  ];
}

function settingCases(target: Target, work: StreamWork): readonly CaseDefinition[] {
  const { kind, wire } = work;

  async function ask(stage: Stage, request: Ask): Promise<JsonObject> {
    const before = requestsTo(stage, work.path).length;
    const { error } = await readAnswer(work.open(stage.provider, request));
    if (error !== undefined) throw error;
    const body = requestsTo(stage, work.path)[before]?.body;
    check(isObject(body), "The upstream was not sent a JSON object.");
    return body;
  }

  const declared = ({ settings }: Provider, values: Settings) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => settings.some((setting) => setting === name)));

  return [
    {
      id: "request.model",
      kind,
      title: "the model's name arrives as it is, with the slashes and colons it may have",
      run: () =>
        onStage(target, work, async (stage) => {
          const name = "some-org/some.model:7b-q4";
          await readAnswer(work.open(stage.provider, { modelId: name }));
          const [request] = requestsTo(stage, work.path);
          const decoded = `${decodeURIComponent(request?.path ?? "")} ${request?.text}`;
          check(decoded.includes(name), `The upstream was not told of the model ${name}.`);
        }),
    },
    {
      id: "request.settings",
      kind,
      title: "every setting that the provider declares arrives as it was given, zeros included",
      run: () =>
        onStage(target, work, async (stage) => {
          for (const values of [SETTINGS, ZEROS]) {
            const settings = declared(stage.provider, values);
            checkEqual(wire.settings(await ask(stage, { settings })), settings, "What arrived of the settings");
          }
        }),
    },
    {
      id: "request.nothing-invented",
      kind,
      title: "no setting arrives that was not given",
      run: () =>
        onStage(target, work, async (stage) => {
          checkEqual(wire.settings(await ask(stage, {})), {}, "The settings of a request without any");
        }),
    },
    {
      id: "request.unknown-settings",
      kind,
      title: "a setting that the provider does not declare is a warning, or refused when settings are strict",
      run: () =>
        onStage(target, work, async (stage) => {
          const provider = defineProvider(stage.provider);
          const names = Object.keys(SETTINGS).filter((name) => !provider.settings.some((known) => known === name));
          for (const name of names) {
            const settings = { [name]: SETTINGS[name as SettingName] };
            const warned = startOf(await readAnswer(work.open(provider, { settings })))?.warnings ?? [];
            checkEqual(
              [...new Set(warned.map(({ setting }) => setting))],
              [`settings.${name}`],
              "What was warned about",
            );
            const before = stage.requests.length;
            const { error } = await readAnswer(work.open(provider, { settings, strictSettings: true }));
            checkError(error, "unsupported", `for ${name} when settings are strict`);
            checkEqual(stage.requests.length, before, "The number of requests");
          }
        }),
    },
    {
      id: "request.extra",
      kind,
      title: "an extra that the provider does not know is sent on, or warned about: it does not vanish",
      run: () =>
        onStage(target, work, async (stage) => {
          const outcome = await readAnswer(work.open(stage.provider, { extra: { no_such_field: "extramarker" } }));
          if (outcome.error !== undefined) {
            checkError(outcome.error, ["invalid_value", "unsupported"], "for an unknown extra");
            return checkEqual(outcome.error.setting, "extra.no_such_field", "The setting that the error names");
          }
          const [request] = requestsTo(stage, work.path);
          const warned = startOf(outcome)?.warnings.some(({ setting }) => setting === "extra.no_such_field") ?? false;
          const isSent = request?.text.includes("extramarker") ?? false;
          check(isSent || warned, "An unknown extra was neither sent nor warned about.");
          check(!(isSent && warned), "An unknown extra was sent, and warned about as if it were not.");
        }),
    },
    {
      id: "request.response-format",
      kind,
      title: "a schema arrives, or is refused before anything is sent",
      run: () =>
        arrivesOrRefused(target, work, {
          request: {
            responseFormat: {
              type: "json",
              schema: { type: "object", properties: { schemamarker: { type: "string" } } },
            },
          },
          marker: "schemamarker",
          setting: "responseFormat",
        }),
    },
    {
      id: "request.reasoning",
      kind,
      title: "a level of reasoning changes the request, or is warned about, or refused",
      run: () =>
        onStage(target, work, async (stage) => {
          const outcome = await readAnswer(work.open(stage.provider, { reasoning: "high" }));
          if (outcome.error !== undefined) {
            checkError(outcome.error, "unsupported", "for a level of reasoning");
            return checkEqual(outcome.error.setting, "reasoning", "The setting that the error names");
          }
          const [asked] = requestsTo(stage, work.path);
          const plain = await ask(stage, {});
          const warned = startOf(outcome)?.warnings.some(({ setting }) => setting === "reasoning") ?? false;
          const isSent = show(asked?.body) !== show(plain);
          check(isSent || warned, "A level of reasoning neither changed the request nor was warned about.");
        }),
    },
    {
      id: "request.not-changed",
      kind,
      title: "a request is plain data: a frozen one works, twice, and means the same",
      run: () =>
        onStage(target, work, async (stage) => {
          const request = freeze({ settings: declared(stage.provider, { temperature: 0.5, stop: ["x"] }) });
          const first = await ask(stage, request);
          checkEqual(await ask(stage, request), first, "The body of the second request");
        }),
    },
  ];
}

/** A part of a request that changes its meaning must arrive, or be `unsupported` without a word to the upstream. */
export async function arrivesOrRefused(
  target: Target,
  work: StreamWork,
  { request, marker, setting }: { readonly request: Ask; readonly marker: string; readonly setting: string },
): Promise<void> {
  await onStage(target, work, async (stage) => {
    const error = await rejection(drain(work, stage.provider, request));
    const asked = requestsTo(stage, work.path);
    if (error === undefined)
      return check(
        asked.some(({ text }) => text.includes(marker)),
        `${setting} vanished: it did not arrive, and was not refused.`,
      );
    checkError(error, "unsupported", `for ${setting}`);
    checkEqual(error.setting, setting, "The setting that the error names");
    checkEqual(asked.length, 0, "The number of requests for work");
  });
}

async function drain(work: StreamWork, provider: Provider, request: Ask): Promise<void> {
  const { error } = await readAnswer(work.open(provider, request));
  if (error !== undefined) throw error;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function freeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null)
    for (const member of Object.values(Object.freeze(value))) freeze(member);
  return value;
}
