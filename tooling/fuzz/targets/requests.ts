import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import { HttpError } from "../../../apps/proxy/src/http/answer/http-error.ts";
import { decodeJsonBody } from "../../../apps/proxy/src/http/request/decode-json-body.ts";
import { arbitraryJson, type Components } from "../../../apps/proxy/test/arbitrary-json.ts";
import { ProviderError } from "../../../packages/core/src/provider-error.ts";
import {
  decodeChatRequest,
  decodeCompletionRequest,
  decodeEmbeddingRequest,
  type OpenAIErrorBody,
  openapiComponents,
  toErrorBody,
} from "../../../packages/openai-dialect/src/index.ts";
import { corpus } from "../corpus.ts";
import { mutated } from "../mutated.ts";
import type { Target } from "../target.ts";

const DECODERS: readonly ((body: unknown) => { readonly request: object })[] = [
  decodeChatRequest,
  decodeCompletionRequest,
  decodeEmbeddingRequest,
];

/** The schemas that we publish, made by zod from the decoders' own. */
const components = openapiComponents()["schemas"] as unknown as Components;
const fitting = fc.oneof(
  ...["CreateChatCompletionRequest", "CreateCompletionRequest", "CreateEmbeddingRequest"].map((name) =>
    arbitraryJson(components[name] ?? {}, components),
  ),
);
const WORDS = [
  ...Object.values(components).flatMap(({ properties = {} }) => Object.keys(properties).map((name) => `"${name}":`)),
  '"role":"tool"',
  '"type":"image_url"',
  '"additional_drop_params":["a[*].b"],',
  "data:image/png;base64,",
  ",",
  ":",
  "{",
  "}",
  "[",
  "]",
  "true",
];

/** Bodies of requests: each is decoded, or refused with a 4xx that names the field. */
export const requests: Target = {
  name: "requests",
  quick: 10_000,
  inputs: fc.oneof(
    {
      weight: 2,
      arbitrary: mutated(
        corpus("requests").map(({ bytes }) => bytes),
        WORDS,
      ),
    },
    { weight: 1, arbitrary: fitting.map((value) => Buffer.from(JSON.stringify(value) ?? "")) },
  ),
  check(input, seed) {
    const decode = DECODERS[seed % DECODERS.length] ?? decodeChatRequest;
    try {
      const text = decodeJsonBody(Buffer.from(input));
      const { request } = decode(parse(text));
      deepStrictEqual(JSON.parse(JSON.stringify(request)), request);
    } catch (error) {
      if (error instanceof HttpError) checkError(error.status, error.body);
      else if (error instanceof ProviderError) checkProviderError(error);
      else throw error;
    }
    deepStrictEqual(Object.keys(Object.prototype), []);
    strictEqual(({} as { readonly polluted?: unknown }).polluted, undefined);
  },
};

/** As Fastify's own parser does, which refuses keys that would reach a prototype. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text, (key, value) => {
      if (key === "__proto__") throw new SyntaxError("A prototype.");
      return value;
    });
  } catch {
    throw new HttpError("invalid_json", "The request body is not valid JSON.");
  }
}

function checkProviderError(error: ProviderError): void {
  const { status, body } = toErrorBody(error);
  checkError(status, body);
  ok(typeof body.error.param === "string" || error.setting === undefined, `no field: ${body.error.message}`);
}

function checkError(status: number, { error }: OpenAIErrorBody): void {
  ok(status >= 400 && status < 500, `${status} for a bad body: ${error.message}`);
  match(error.message, /[.?]$/);
  ok(error.message.length < 2000, "a message of thousands of characters");
  match(error.code, /^[a-z_]+$/);
  strictEqual(error.type, "invalid_request_error");
}
