import { ProviderError } from "@llamaduct/core";

/** `invalid_value`: the field, or "The image", and what is wrong with it. */
export function invalidImage(setting: string | undefined, problem: string, cause?: unknown): ProviderError {
  return new ProviderError({ code: "invalid_value", message: `${setting ?? "The image"} ${problem}`, setting, cause });
}

/** `unsupported`: what the field holds is well known, and not possible here. */
export function unsupportedImage(setting: string | undefined, problem: string, cause?: unknown): ProviderError {
  return new ProviderError({ code: "unsupported", message: `${setting ?? "The image"} ${problem}`, setting, cause });
}
