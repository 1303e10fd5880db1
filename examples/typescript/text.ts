// node text.ts [CODER] [EMBEDDER]: what belongs between a beginning and an end, and vectors.
import { completion, embedding } from "llamaduct";

const [coder = "ollama/qwen2.5-coder", embedder = "ollama/nomic-embed-text"] = process.argv.slice(2);

const filled = await completion({ model: coder, prompt: "def add(a, b):\n    ", suffix: "\nprint(add(1, 2))" });
console.log(filled.choices[0]?.text);

const { data } = await embedding({ model: embedder, input: ["Why is the sky blue?", "Because."] });
console.log(data.map((each) => each.embedding.length));
