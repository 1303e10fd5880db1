import { describe, expectTypeOf, it } from "vitest";
import {
  applyMiddleware,
  type Batch,
  type ChatModel,
  type ChatRequest,
  type CommittedStream,
  type Completion,
  collect,
  commit,
  createRegistry,
  deadlines,
  defineProvider,
  guard,
  type JsonValue,
  type Middleware,
  observe,
  type Provider,
  type ProviderFactory,
  type Registry,
  type Stream,
  type StreamPart,
  type TextModel,
  type TextRequest,
} from "./index.ts";

describe("the surface", () => {
  it("takes arrays for batches and async generators for streams", () => {
    expectTypeOf<readonly StreamPart[]>().toExtend<Batch>();
    expectTypeOf<AsyncGenerator<StreamPart[]>>().toExtend<Stream>();
  });

  it("has requests that are plain JSON", () => {
    expectTypeOf<NonNullable<ChatRequest["extra"]>[string]>().toEqualTypeOf<JsonValue>();
    expectTypeOf<ChatRequest>().not.toHaveProperty("signal");
  });

  it("composes: one middleware serves chat and text", () => {
    expectTypeOf(applyMiddleware<ChatRequest>).returns.toEqualTypeOf<ChatModel>();
    expectTypeOf(applyMiddleware<TextRequest>).returns.toEqualTypeOf<TextModel>();
    expectTypeOf(deadlines<ChatRequest>).returns.toEqualTypeOf<Middleware>();
    expectTypeOf(observe<TextRequest>).returns.toEqualTypeOf<Middleware<TextRequest>>();
  });

  it("names every function's shape", () => {
    expectTypeOf(defineProvider).toEqualTypeOf<(provider: Provider) => Provider>();
    expectTypeOf(createRegistry).toEqualTypeOf<(factories: readonly ProviderFactory[]) => Registry>();
    expectTypeOf(commit).toEqualTypeOf<(source: Stream) => Promise<CommittedStream>>();
    expectTypeOf(collect).toEqualTypeOf<(stream: Stream) => Promise<Completion>>();
    expectTypeOf(guard).returns.toEqualTypeOf<Stream>();
  });

  it("lets a consumer tell the parts apart", () => {
    expectTypeOf<Extract<StreamPart, { type: "finish" }>["usage"]["inputTokens"]>().toEqualTypeOf<number | undefined>();
    expectTypeOf<Extract<StreamPart, { type: "tool-call-delta" }>>().toEqualTypeOf<{
      readonly type: "tool-call-delta";
      readonly id: string;
      readonly argumentsDelta: string;
    }>();
  });
});
