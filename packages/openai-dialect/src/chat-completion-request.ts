/** OpenAI treats an explicit `null` as an absent field, and so do we. */
type Optional<Value> = Value | null | undefined;

/**
 * The body of `POST /v1/chat/completions`, as people write it. Shapes are OpenAI's
 * (https://platform.openai.com/docs/api-reference/chat/create); every other field is passed on to the provider as it is
 * spelt (`num_ctx`, `keep_alive`).
 */
export interface ChatCompletionRequest {
  readonly model: string;
  readonly messages: readonly MessageParam[];
  readonly tools?: Optional<readonly ToolParam[]>;
  readonly tool_choice?: Optional<ToolChoiceParam>;
  readonly parallel_tool_calls?: Optional<boolean>;
  readonly response_format?: Optional<ResponseFormatParam>;
  /** OpenAI's string, or LiteLLM's object around it. */
  readonly reasoning_effort?: Optional<EffortParam | { readonly effort?: Optional<EffortParam> }>;
  /** Wins over `max_tokens`, which it replaces. */
  readonly max_completion_tokens?: Optional<number>;
  readonly max_tokens?: Optional<number>;
  readonly temperature?: Optional<number>;
  readonly top_p?: Optional<number>;
  readonly top_k?: Optional<number>;
  readonly min_p?: Optional<number>;
  readonly frequency_penalty?: Optional<number>;
  readonly presence_penalty?: Optional<number>;
  readonly logit_bias?: Optional<Readonly<Record<string, number>>>;
  readonly seed?: Optional<number>;
  readonly stop?: Optional<string | readonly string[]>;
  readonly logprobs?: Optional<boolean>;
  /** 0 to 20; needs `logprobs: true`. */
  readonly top_logprobs?: Optional<number>;
  /** 1 is all there is. */
  readonly n?: Optional<number>;
  readonly stream?: Optional<boolean>;
  readonly stream_options?: Optional<StreamOptionsParam>;
  readonly modalities?: Optional<readonly "text"[]>;
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
export type ResponseFormatParam =
  | { readonly type: "text" }
  | { readonly type: "json_object" }
  | {
      readonly type: "json_schema";
      readonly json_schema: {
        readonly name?: Optional<string>;
        readonly description?: Optional<string>;
        readonly schema: object;
        readonly strict?: Optional<boolean>;
      };
    };
export type EffortParam = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";
export interface StreamOptionsParam {
  readonly include_usage?: Optional<boolean>;
  readonly include_obfuscation?: Optional<boolean>;
}
