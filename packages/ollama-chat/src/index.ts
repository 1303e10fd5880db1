export { createOllamaChat, type OllamaChatOptions, provider } from "./ollama-chat.ts";
