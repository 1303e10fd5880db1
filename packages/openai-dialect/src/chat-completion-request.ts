import type { GenerationParams, Optional } from "./request-params.ts";

/**
 * The body of `POST /v1/chat/completions`, as people write it. Shapes are OpenAI's
 * (https://platform.openai.com/docs/api-reference/chat/create); every other field is passed on to the provider as it is
 * spelt (`num_ctx`, `keep_alive`).
 */
export interface ChatCompletionRequest extends GenerationParams {
  readonly messages: readonly MessageParam[];
  readonly tools?: Optional<readonly ToolParam[]>;
  readonly tool_choice?: Optional<ToolChoiceParam>;
  readonly parallel_tool_calls?: Optional<boolean>;
  readonly logprobs?: Optional<boolean>;
  /** 0 to 20; needs `logprobs: true`. */
  readonly top_logprobs?: Optional<number>;
  readonly modalities?: Optional<readonly "text"[]>;
  /** LiteLLM's: reasoning comes in `content`, as `<think>…</think>` before the text. */
  readonly merge_reasoning_content_in_choices?: Optional<boolean>;
  readonly [extra: string]: unknown;
}

export type MessageParam = SystemMessageParam | UserMessageParam | AssistantMessageParam | ToolMessageParam;

/** `developer` is the newer word for the same thing. */
export interface SystemMessageParam {
  readonly role: "system" | "developer";
  readonly content: string | readonly TextPartParam[];
}
export interface UserMessageParam {
  readonly role: "user";
  readonly content: string | readonly (TextPartParam | ImagePartParam)[];
  readonly name?: Optional<string>;
  /** As other servers have it: images of this message, after its content; each as `image_url` takes it. */
  readonly images?: Optional<readonly string[]>;
}
/** Reasoning is read from any of the three names that servers use; the first that holds text counts. */
export interface AssistantMessageParam {
  readonly role: "assistant";
  readonly content?: Optional<string | readonly (TextPartParam | RefusalPartParam)[]>;
  readonly refusal?: Optional<string>;
  readonly name?: Optional<string>;
  readonly reasoning_content?: Optional<string>;
  readonly reasoning?: Optional<string>;
  readonly thinking?: Optional<string>;
  readonly tool_calls?: Optional<readonly ToolCallParam[]>;
}
export interface ToolMessageParam {
  readonly role: "tool";
  readonly tool_call_id: string;
  readonly content: string | readonly TextPartParam[];
}

export interface TextPartParam {
  readonly type: "text";
  readonly text: string;
}
export interface RefusalPartParam {
  readonly type: "refusal";
  readonly refusal: string;
}
/** A `data:` URL or bare base64 of a PNG, JPEG, WebP or GIF; LiteLLM allows the string without its object. */
export interface ImagePartParam {
  readonly type: "image_url";
  readonly image_url: string | { readonly url: string };
}
/** `arguments` is JSON text; empty or absent means no arguments. */
export interface ToolCallParam {
  readonly id: string;
  readonly type: "function";
  readonly function: { readonly name: string; readonly arguments?: Optional<string> };
}

export interface ToolParam {
  readonly type: "function";
  readonly function: {
    readonly name: string;
    readonly description?: Optional<string>;
    /** JSON Schema; absent means a tool without parameters. */
    readonly parameters?: Optional<object>;
    readonly strict?: Optional<boolean>;
  };
}
export type ToolChoiceParam =
  | "auto"
  | "none"
  | "required"
  | { readonly type: "function"; readonly function: { readonly name: string } };
