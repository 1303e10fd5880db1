export { createOpenAICompatible, type OpenAICompatibleOptions, provider } from "./openai-compatible.ts";
