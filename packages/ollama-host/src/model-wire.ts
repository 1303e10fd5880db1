import { z } from "zod";

/** One entry of `GET /api/tags`. */
export interface TaggedModel {
  /** Short form, tag always shown: `llama3.2:latest`. */
  readonly name: string;
  readonly modified_at?: string | undefined;
  /** Bytes on disk. */
  readonly size?: number | undefined;
  readonly digest?: string | undefined;
  /** Set for stubs that run elsewhere. */
  readonly remote_host?: string | undefined;
  readonly details?: ModelDetails | null | undefined;
  /** Since 0.30. What only a GGUF's own chat template tells is missing here; `/api/show` has it. */
  readonly capabilities?: readonly string[] | null | undefined;
}

export interface ModelDetails {
  readonly format?: string | undefined;
  readonly family?: string | undefined;
  readonly parameter_size?: string | undefined;
  readonly quantization_level?: string | undefined;
  /** Trained context, since 0.30. */
  readonly context_length?: number | undefined;
}

/** Reply of `POST /api/show`, as far as it is used. */
export interface ShownModel {
  readonly details?: ModelDetails | null | undefined;
  readonly capabilities?: readonly string[] | null | undefined;
  /** The GGUF's key-value table: `<architecture>.context_length` is the trained context. */
  readonly model_info?: Readonly<Record<string, unknown>> | null | undefined;
  readonly remote_host?: string | undefined;
  readonly modified_at?: string | undefined;
}

/** One entry of `GET /api/ps`: a model in memory. */
export interface RunningModel {
  readonly name: string;
  readonly digest?: string | undefined;
  readonly size?: number | undefined;
  readonly size_vram?: number | undefined;
  /** RFC 3339; about 292 years ahead for "never". */
  readonly expires_at?: string | undefined;
  /** Allocated context, tokens. */
  readonly context_length?: number | undefined;
}

const text = z.string().optional();
const number = z.number().optional();

const details: z.ZodType<ModelDetails> = z.object({
  format: text,
  family: text,
  parameter_size: text,
  quantization_level: text,
  context_length: number,
});

const taggedModels: z.ZodType<{ readonly models?: readonly TaggedModel[] | null | undefined }> = z.object({
  models: z
    .array(
      z.object({
        name: z.string(),
        modified_at: text,
        size: number,
        digest: text,
        remote_host: text,
        details: details.nullish(),
        capabilities: z.array(z.string()).nullish(),
      }),
    )
    .nullish(),
});

const shownModel: z.ZodType<ShownModel> = z.object({
  details: details.nullish(),
  capabilities: z.array(z.string()).nullish(),
  model_info: z.record(z.string(), z.unknown()).nullish(),
  remote_host: text,
  modified_at: text,
});

const runningModels: z.ZodType<{ readonly models?: readonly RunningModel[] | null | undefined }> = z.object({
  models: z
    .array(
      z.object({
        name: z.string(),
        digest: text,
        size: number,
        size_vram: number,
        expires_at: text,
        context_length: number,
      }),
    )
    .nullish(),
});

const version: z.ZodType<{ readonly version: string }> = z.object({ version: z.string() });

/** The parsed reply, or `undefined` when it has another shape. */
export type Parse<Reply> = (value: unknown) => Reply | undefined;

export const parseTags: Parse<readonly TaggedModel[]> = (value) => list(taggedModels.safeParse(value).data);
export const parseShow: Parse<ShownModel> = (value) => shownModel.safeParse(value).data;
export const parsePs: Parse<readonly RunningModel[]> = (value) => list(runningModels.safeParse(value).data);
export const parseVersion: Parse<string> = (value) => version.safeParse(value).data?.version;

/** Go writes an empty list as `null`. */
function list<Item>(reply: { readonly models?: readonly Item[] | null | undefined } | undefined) {
  return reply && (reply.models ?? []);
}
