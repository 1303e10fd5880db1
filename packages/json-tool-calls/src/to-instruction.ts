import type { ToolChoice, ToolDefinition } from "@llamaduct/core";

/** What a model is told when a grammar holds it to calls and answers. */
export function toInstruction(tools: readonly ToolDefinition[], choice: ToolChoice): string {
  const call = '{"tool_calls": [{"name": "…", "arguments": {…}}]}';
  return [
    choice === "auto"
      ? `Reply with JSON only: ${call} to call tools, or {"answer": "…"} to answer. Do not call a tool whose result you already have.`
      : `Reply with JSON only: ${call}, which calls tools.`,
    "Tools:",
    ...tools.map(({ name, description, parameters }) => JSON.stringify({ name, description, parameters })),
  ].join("\n");
}
