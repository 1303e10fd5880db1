export { type JsonToolCallsOptions, jsonToolCalls } from "./json-tool-calls.ts";
export { type RecoverToolCallsOptions, recoverToolCalls } from "./recover-tool-calls.ts";
