import type { Warning } from "@llamaduct/core";
import type { GenerationParams } from "./request-params.ts";

/** OpenAI's fields about storage, billing and caching on its own servers, and hints that change no meaning. */
export const NO_EFFECT: ReadonlySet<string> = new Set([
  "metadata",
  "prediction",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
  "safety_identifier",
  "service_tier",
  "store",
  "user",
  "verbosity",
]);

export function noEffect(setting: string): Warning {
  return { setting, message: `${setting} has no effect here.` };
}

export function fieldsWithoutEffect(body: object): readonly Warning[] {
  return Object.entries(body).flatMap(([name, value]) =>
    value !== undefined && value !== null && NO_EFFECT.has(name) ? [noEffect(name)] : [],
  );
}

/** What the contract has no place for inside fields that it does carry. */
export function detailsWithoutEffect(request: GenerationParams): readonly Warning[] {
  const { response_format: format, stream_options: options } = request;
  return [
    ...(format?.type === "json_schema" && format.json_schema.description
      ? [noEffect("response_format.json_schema.description")]
      : []),
    ...(options?.include_obfuscation === true ? [noEffect("stream_options.include_obfuscation")] : []),
  ];
}
