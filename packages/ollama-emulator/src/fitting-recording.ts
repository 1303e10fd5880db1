import { isDeepStrictEqual } from "node:util";
import { fullModelName } from "./model-name.ts";
import { type OllamaVersion, type Recording, recordings } from "./recordings.ts";
import { isRequestBody, type RequestBody, sendsSuffix, sendsTools } from "./request-body.ts";

/** The recording of exactly this request (key order aside), or undefined. Never one of a server that was tampered with. */
export function exactRecording(version: OllamaVersion, path: string, body: RequestBody): Recording | undefined {
  return untouched(version, path).find((each) => isDeepStrictEqual(each.request.body, body));
}

/**
 * The recorded chat or completion that fits best: of the same model, else of its understudy (`jsonish` when a format is
 * asked for, `plain` otherwise). Whether it streams counts most, then whether it calls, answers in a format or fills in
 * the middle, then `think`, `raw` and `template`.
 */
export function fittingRecording(
  version: OllamaVersion,
  path: string,
  body: RequestBody & { readonly model: string },
): Recording {
  const wanted = traits(body);
  const cast = [
    { name: fullModelName(body.model), handicap: 0 },
    { name: fullModelName(wanted.json ? "jsonish" : "plain"), handicap: 5 },
  ];
  let best: Recording | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const { name, handicap } of cast) {
    for (const candidate of untouched(version, path)) {
      const asked = candidate.request.body;
      if (!isRequestBody(asked) || fullModelName(String(asked.model)) !== name || !isAnswer(candidate)) continue;
      const difference = differenceBetween(wanted, traits(asked)) + peculiarity(candidate, asked) + handicap;
      if (difference < least) [best, least] = [candidate, difference];
    }
  }
  if (best === undefined) throw new Error(`nothing recorded on ${path}`);
  return best;
}

interface Traits {
  readonly stream: boolean;
  readonly calls: boolean;
  readonly json: boolean;
  readonly suffix: boolean;
  readonly think: "default" | "off" | "on";
  readonly raw: boolean;
  readonly template: boolean;
}

function traits(body: RequestBody): Traits {
  const messages = Array.isArray(body.messages) ? body.messages : [];
  const format = body.format;
  const json = format !== undefined && format !== null && format !== "";
  return {
    stream: body.stream !== false,
    // The scripted models call when the last turn is the user's; under a format no server ever calls.
    calls: sendsTools(body) && messages.at(-1)?.role === "user" && !json,
    json,
    suffix: sendsSuffix(body),
    think: body.think === undefined || body.think === null ? "default" : body.think === false ? "off" : "on",
    raw: body.raw === true,
    template: typeof body.template === "string" && body.template !== "",
  };
}

const weights: Readonly<Record<keyof Traits, number>> = {
  stream: 1000,
  calls: 100,
  json: 100,
  suffix: 100,
  think: 10,
  raw: 10,
  template: 10,
};

function differenceBetween(a: Traits, b: Traits): number {
  return Object.entries(weights).reduce(
    // The entries' keys are those of the record above.
    (sum, [trait, weight]) => (a[trait as keyof Traits] === b[trait as keyof Traits] ? sum : sum + weight),
    0,
  );
}

/** Less than any trait weighs. Recordings made with options (a limit, a stop) or outside the plain series speak only for their own request. */
function peculiarity(candidate: Recording, body: RequestBody): number {
  return (body.options === undefined ? 0 : 2) + (isOfSeries(candidate) ? 0 : 1);
}

function isAnswer(candidate: Recording): boolean {
  // A refusal is some model's usual answer only in the plain series (a call cut short, without streaming).
  return candidate.status === 200 || isOfSeries(candidate);
}

function isOfSeries(candidate: Recording): boolean {
  return /-(stream|whole)$/.test(candidate.name);
}

function untouched(version: OllamaVersion, path: string): readonly Recording[] {
  return recordings(version).filter((each) => each.request.path === path && each.note === undefined);
}
