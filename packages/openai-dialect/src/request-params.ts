/** OpenAI treats an explicit `null` as an absent field, and so do we. */
export type Optional<Value> = Value | null | undefined;

/** Fields that say who answers and what is dropped on the way. The last three are LiteLLM's. */
export interface RoutingParams {
  readonly model: string;
  /** `false`: a setting that the provider cannot send is an error. Otherwise it is a warning. */
  readonly drop_params?: Optional<boolean>;
  /** Fields to leave out, as if they had not been sent: `seed`, `tools[0].function.strict`, `tools[*].type`. */
  readonly additional_drop_params?: Optional<readonly string[]>;
  /** Accepted; nothing is refused here that it could allow. */
  readonly allowed_openai_params?: Optional<readonly string[]>;
}

/** Fields of chat and text completions alike. */
export interface GenerationParams extends RoutingParams {
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
  /** Choices per prompt, 1 to 128. */
  readonly n?: Optional<number>;
  readonly stream?: Optional<boolean>;
  readonly stream_options?: Optional<StreamOptionsParam>;
}

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
/** `ultra` is another word for `max`. */
export type EffortParam = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max" | "ultra";
export interface StreamOptionsParam {
  readonly include_usage?: Optional<boolean>;
  readonly include_obfuscation?: Optional<boolean>;
}
