import { z } from "zod";
import { toFieldError } from "./field-error.ts";
import { generationFields } from "./request-fields.ts";

const modelSchema = z.object({ model: generationFields.model });

/**
 * The model a request asks for, before anything else of it is looked at: whoever routes it may have defaults to add.
 * Throws as `decodeChatRequest` does.
 */
export function requestedModel(body: unknown): string {
  const parsed = modelSchema.safeParse(body);
  if (!parsed.success) throw toFieldError(parsed.error.issues, body);
  return parsed.data.model;
}
