import { openapiComponents } from "@llamaduct/openai-dialect";
import type { FastifyInstance } from "fastify";
import packageJson from "../../../package.json" with { type: "json" };

/** What can be asked here, for tools that generate clients and tests: the shapes are those that requests are checked by. */
export function openapi(app: FastifyInstance): void {
  app.get("/openapi.json", { config: { access: "public" } }, () => ({
    openapi: "3.1.0",
    info: { title: "Llamaduct", version: packageJson.version, license: { name: "MIT", identifier: "MIT" } },
    components: {
      ...openapiComponents(),
      securitySchemes: { key: { type: "http", scheme: "bearer" } },
    },
    security: [{ key: [] }],
    paths: {
      "/v1/chat/completions": asked("CreateChatCompletionRequest", "ChatCompletion", "Answer a chat"),
      "/v1/completions": asked("CreateCompletionRequest", "Completion", "Continue a text"),
      "/v1/embeddings": asked("CreateEmbeddingRequest", "EmbeddingList", "Turn texts into vectors"),
      "/v1/models": { get: read("List the models", reference("ModelList")) },
      "/v1/models/{model}": {
        get: { ...read("Describe a model", reference("Model")), parameters: [parameter("path", "model")] },
      },
      "/model/info": {
        get: { ...read("What each model can do", OBJECT), parameters: [parameter("query", "litellm_model_id")] },
      },
      "/model_group/info": { get: read("What each name stands for", OBJECT) },
      "/utils/supported_openai_params": {
        get: { ...read("What a chat request may say", OBJECT), parameters: [parameter("query", "model")] },
      },
      "/utils/token_counter": { post: { ...read("Estimate tokens", OBJECT), requestBody: json(TOKEN_COUNT) } },
      "/health": { get: read("How the deployments are", OBJECT) },
      "/health/liveliness": { get: { ...everyone("Whether the process lives"), responses: plain() } },
      "/health/readiness": { get: everyone("Whether it takes requests") },
      "/health/readiness/details": { get: read("The same, in detail", OBJECT) },
    },
  }));
}

const OBJECT = { type: "object" };

const TOKEN_COUNT = {
  type: "object",
  properties: { model: { type: "string", minLength: 1 }, prompt: { type: "string" }, messages: { type: "array" } },
  required: ["model"],
  anyOf: [{ required: ["prompt"] }, { required: ["messages"] }],
};

function asked(request: string, answer: string, summary: string): object {
  const streams = request !== "CreateEmbeddingRequest";
  const whole = { "application/json": { schema: reference(answer) } };
  const content = streams ? { ...whole, "text/event-stream": { schema: { type: "string" } } } : whole;
  const responses = { "200": { description: "The answer", content }, default: failure() };
  return { post: { summary, requestBody: json(reference(request)), responses } };
}

function read(summary: string, schema: object): object {
  const content = { "application/json": { schema } };
  return { summary, responses: { "200": { description: "The answer", content }, default: failure() } };
}

function everyone(summary: string): object {
  return { ...read(summary, OBJECT), security: [] };
}

function plain(): object {
  return {
    "200": { description: "It lives", content: { "text/plain": { schema: { type: "string" } } } },
    default: failure(),
  };
}

function failure(): object {
  return {
    description: "An error; x-should-retry says whether the same request may succeed later",
    content: { "application/json": { schema: reference("Error") } },
  };
}

function json(schema: object): object {
  return { required: true, content: { "application/json": { schema } } };
}

function parameter(place: "path" | "query", name: string): object {
  const required = place === "path" || name === "model";
  return { in: place, name, required, schema: { type: "string", minLength: 1 } };
}

function reference(name: string): object {
  return { $ref: `#/components/schemas/${name}` };
}
