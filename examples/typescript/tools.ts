// node tools.ts [MODEL]: a tool is called, and its result goes back to the model.
import { completion, type MessageParam } from "llamaduct";

const model = process.argv[2] ?? "ollama_chat/llama3.1";
const messages: MessageParam[] = [{ role: "user", content: "Do I need an umbrella in Boston today?" }];
const tools = [
  {
    type: "function",
    function: {
      name: "get_current_weather",
      description: "Get the current weather in a given location",
      parameters: { type: "object", properties: { location: { type: "string" } }, required: ["location"] },
    },
  },
] as const;

const { choices } = await completion({ model, messages, tools });
const message = choices[0]?.message;
if (message === undefined) throw new Error("no answer");
messages.push(message);
for (const { id, function: called } of message.tool_calls ?? []) {
  console.log(called.name, called.arguments);
  messages.push({ role: "tool", tool_call_id: id, content: "Rain, 9 °C" });
}

const answer = await completion({ model, messages, tools });
console.log(answer.choices[0]?.message.content);
