// node vision.ts [MODEL]: a question about a picture. A file does as well: data:image/png;base64,…
import { completion } from "llamaduct";

const model = process.argv[2] ?? "ollama_chat/llava";
const url =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const { choices } = await completion({
  model,
  messages: [
    {
      role: "user",
      content: [
        { type: "text", text: "What is in this picture?" },
        { type: "image_url", image_url: { url } },
      ],
    },
  ],
});
console.log(choices[0]?.message.content);
