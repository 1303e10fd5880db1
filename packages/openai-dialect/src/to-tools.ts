import type { ChatRequest, JsonObject, ToolChoice, ToolDefinition } from "@llamaduct/core";
import type { ChatCompletionRequest, ToolChoiceParam, ToolParam } from "./chat-completion-request.ts";
import { checkSchemaSize } from "./check-schema-size.ts";
import { invalidField } from "./field-error.ts";
import { present } from "./present.ts";

const NO_PARAMETERS: JsonObject = { type: "object", properties: {} };

type Tooling = Pick<ChatRequest, "tools" | "toolChoice" | "parallelToolCalls">;

/** Everything about tools. An empty list is no tools, and without tools nothing is said about choosing them. */
export function toTools(request: ChatCompletionRequest): Tooling {
  const { tool_choice: choice, parallel_tool_calls: parallelToolCalls } = request;
  const tools = toDefinitions(request.tools ?? []);
  const toolChoice = choice === undefined || choice === null ? undefined : toToolChoice(choice, tools);
  return tools.length === 0 ? {} : present<Tooling>({ tools, toolChoice, parallelToolCalls });
}

function toDefinitions(tools: readonly ToolParam[]): readonly ToolDefinition[] {
  const names = new Set<string>();
  return tools.map(({ function: { name, description, parameters } }, index) => {
    if (names.has(name)) throw invalidField(`tools.${index}.function.name`, "must differ from the names before it");
    names.add(name);
    checkSchemaSize(parameters, `tools.${index}.function.parameters`);
    return present<ToolDefinition>({
      name,
      description,
      // The schema has proven that it is JSON.
      parameters: (parameters ?? NO_PARAMETERS) as JsonObject,
    });
  });
}

function toToolChoice(choice: ToolChoiceParam, tools: readonly ToolDefinition[]): ToolChoice {
  if (choice === "auto" || choice === "none") return choice;
  if (tools.length === 0) throw invalidField("tool_choice", 'must be "auto" or "none" when there are no tools');
  if (choice === "required") return choice;
  const { name } = choice.function;
  if (!tools.some((tool) => tool.name === name)) {
    throw invalidField("tool_choice.function.name", "must be the name of one of the tools");
  }
  return { name };
}
