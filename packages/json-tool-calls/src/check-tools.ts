import { ProviderError, type ToolChoice, type ToolDefinition } from "@llamaduct/core";

/** Throws `invalid_value`, naming the field, for tools that cannot be told apart and a choice that is none of them. */
export function checkTools(tools: readonly ToolDefinition[], choice: ToolChoice): void {
  const names = new Set<string>();
  for (const [index, { name }] of tools.entries()) {
    const setting = `tools.${index}.name`;
    // Typed as required, but callers without types leave it out.
    if (typeof name !== "string" || name === "") throw invalid(setting, "A tool needs a name.");
    if (names.has(name)) throw invalid(setting, "Two tools have the same name.");
    names.add(name);
  }
  if (typeof choice === "object" ? !names.has(choice.name) : choice === "required" && names.size === 0)
    throw invalid("toolChoice", "The tool to be called is not among the tools.");
}

function invalid(setting: string, message: string): ProviderError {
  return new ProviderError({ code: "invalid_value", message, setting });
}
