export { type StructuredOutputOptions, structuredOutput } from "./structured-output.ts";
