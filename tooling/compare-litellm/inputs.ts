/** What scripted models say, and what they are asked. */
export const SENTENCE = "The quick brown llama jumps over the lazy alpaca.";
export const messages = [{ role: "user", content: "hi" }];
const zoned = (name: string) => ({
  type: "function",
  function: { name, parameters: { type: "object", properties: { zone: { type: "string" } }, required: ["zone"] } },
});
export const clocks = [zoned("get_time"), zoned("get_day")];
export const weather = {
  type: "function",
  function: {
    name: "get_current_weather",
    description: "The weather in a place.",
    parameters: {
      type: "object",
      properties: { location: { type: "string" }, unit: { type: "string", enum: ["celsius", "fahrenheit"] } },
      required: ["location"],
    },
  },
};
export const person = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name", "age"],
  additionalProperties: false,
};
export const PIXEL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
