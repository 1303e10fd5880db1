import { type Capabilities, ProviderError, type TextRequest, type Warning } from "@llamaduct/core";
import { type GenerateBody, NO_SUFFIX, type PlacedExtras, toRequestFields } from "@llamaduct/ollama-host";

export interface TextBodyOptions {
  readonly capabilities: Capabilities;
  /** The request's, placed; `undefined` when it has none. */
  readonly extras: PlacedExtras | undefined;
}

export interface ConvertedText {
  readonly body: GenerateBody;
  readonly warnings: readonly Warning[];
  /** Whether the caller wants the answer's token ids back: `context` was `true`, or a list. */
  readonly keepsContext: boolean;
}

/**
 * A request as `POST /api/generate` takes it, by what is known of the model. Throws `invalid_value` or `unsupported`,
 * naming the field, for what would mean something else on the wire.
 */
export function toGenerateBody(
  modelId: string,
  request: TextRequest,
  { capabilities, extras }: TextBodyOptions,
): ConvertedText {
  const { prompt, images = [] } = request;
  const suffix = request.suffix ?? "";
  const { fields, warnings } = toRequestFields(request, { capabilities, extras });
  const { context, ...rest } = fields;
  // The server takes an empty prompt for "load the model" and answers at once with nothing.
  if (prompt === "" && suffix === "") throw invalid("prompt", "A completion needs a prompt.");
  if (suffix !== "") checkSuffix(request, capabilities, rest.raw);
  const system = request.system ?? rest.system;
  return {
    body: {
      model: modelId,
      prompt: prompt === "" ? "\n" : prompt,
      ...(suffix !== "" && { suffix }),
      ...(images.length > 0 && { images: images.map(({ data }) => data) }),
      ...rest,
      ...(system !== undefined && { system }),
      ...(Array.isArray(context) && { context }),
      stream: true,
    },
    warnings: [...warnings, ...notices(request, rest.system)],
    keepsContext: context !== undefined,
  };
}

function checkSuffix({ images = [] }: TextRequest, capabilities: Capabilities, raw: boolean | undefined): void {
  if (capabilities.suffix === "none") throw unsupported("suffix", NO_SUFFIX);
  // Both are left out without a word.
  if (raw === true)
    throw unsupported("suffix", "A raw prompt takes no suffix: it must hold the model's own marks for the gap.");
  if (images.length > 0) throw unsupported("images", "Filling in the middle takes no images.");
}

function notices({ prompt, suffix = "", system }: TextRequest, extraSystem: string | undefined): Warning[] {
  const warnings: Warning[] = [];
  if (system !== undefined && extraSystem !== undefined)
    warnings.push({ setting: "extra.system", message: `"system" is set twice; the request's own wins.` });
  if (suffix === "") return warnings;
  if (prompt === "")
    warnings.push({ setting: "prompt", message: "An empty prompt before a suffix is sent as a line break." });
  if (system !== undefined || extraSystem !== undefined)
    warnings.push({ setting: "system", message: "Filling in the middle leaves the system text out." });
  return warnings;
}

function invalid(setting: string, message: string): ProviderError {
  return new ProviderError({ code: "invalid_value", message, setting });
}

function unsupported(setting: string, message: string): ProviderError {
  return new ProviderError({ code: "unsupported", message, setting });
}
