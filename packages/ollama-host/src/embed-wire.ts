import type { JsonObject } from "@llamaduct/core";
import { z } from "zod";
import type { Parse } from "./model-wire.ts";

/** Body of `POST /api/embed`. */
export interface EmbedBody {
  readonly model: string;
  /** An empty list only loads the model. */
  readonly input: readonly string[];
  readonly dimensions?: number;
  readonly truncate?: boolean;
  readonly options?: JsonObject;
  readonly keep_alive?: number | string;
}

export interface EmbedReply {
  /** One for each input, in order, of length 1 each. */
  readonly embeddings: readonly (readonly number[])[];
  /** Left out when zero. */
  readonly prompt_eval_count?: number | undefined;
}

// A million numbers may come: whether they are some is seen when they are put into a Float32Array.
const vector = z.custom<readonly number[]>(Array.isArray);

const embedReply: z.ZodType<EmbedReply> = z.object({
  embeddings: z.array(vector),
  prompt_eval_count: z.number().optional(),
});

export const parseEmbed: Parse<EmbedReply> = (value) => embedReply.safeParse(value).data;
