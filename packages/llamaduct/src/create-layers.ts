import type { ChatRequest, Message, Middleware, Provider, TextRequest } from "@llamaduct/core";
import { reasoningTags } from "@llamaduct/reasoning-tags";
import { later } from "./later.ts";

export interface LayersOptions {
  /** The application's own, outside all others. */
  readonly middleware?: readonly Middleware[] | undefined;
  readonly recoverToolCalls?: boolean | undefined;
}

/** The layers around a model, outermost first. One that a request has no need of is left out, and loaded when one has. */
export interface Layers {
  ofChat(request: ChatRequest, provider: Provider): Promise<readonly Middleware[]>;
  ofText(request: Pick<TextRequest, "responseFormat">): Promise<readonly Middleware<TextRequest>[]>;
  /** Loads them all. */
  load(): Promise<unknown>;
}

export function createLayers({ middleware = [], recoverToolCalls = true }: LayersOptions): Layers {
  const structuredOutput = later(async () => {
    const { structuredOutput } = await import("@llamaduct/structured-output");
    // Made once: they keep the schemas they have compiled.
    return { ofChat: structuredOutput(), ofText: structuredOutput<TextRequest>() };
  });
  const toolPackage = later(() => import("@llamaduct/json-tool-calls"));
  /** One per provider instance, which is one host: it remembers which models there have refused tools. */
  const toolCalls = new WeakMap<Provider, Middleware>();
  // Made once, too: what they load is kept.
  const chatTags = reasoningTags();
  const textTags = reasoningTags<TextRequest>();
  /** What the application's layers make of a request is not known before. */
  const mayChange = middleware.length > 0;

  return {
    async ofChat(request, provider) {
      const layers = [...middleware];
      if (mayChange || request.responseFormat?.type === "json") layers.push((await structuredOutput()).ofChat);
      if (mayChange || hasTools(request)) {
        const tools = await toolPackage();
        const layer = toolCalls.get(provider) ?? tools.jsonToolCalls();
        toolCalls.set(provider, layer);
        layers.push(layer, ...(recoverToolCalls ? [tools.recoverToolCalls()] : []));
      }
      return [...layers, chatTags];
    },
    async ofText(request) {
      return request.responseFormat?.type === "json" ? [(await structuredOutput()).ofText, textTags] : [textTags];
    },
    load: () => Promise.all([structuredOutput(), toolPackage()]),
  };
}

/** Tools, a word about them, or a conversation that has used them. */
function hasTools({ tools = [], toolChoice, messages }: ChatRequest): boolean {
  return tools.length > 0 || toolChoice !== undefined || messages.some(isAboutTools);
}

function isAboutTools({ role, content }: Message): boolean {
  return role === "tool" || (role === "assistant" && content.some(({ type }) => type === "tool-call"));
}
