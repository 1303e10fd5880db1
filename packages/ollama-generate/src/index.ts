export { createOllamaGenerate, type OllamaGenerateOptions, provider } from "./ollama-generate.ts";
