// index.d.ts
import { ToolDefinition, ToolChoice, Middleware } from '@llamaduct/core';

interface JsonToolCallsOptions {
    /** What a model is told that calls through JSON: the form of its reply, and the tools it may call. Goes to the system message. */
    readonly instruction?: ((tools: readonly ToolDefinition[], choice: ToolChoice) => string) | undefined;
    /** Makes ids for the calls. Default `call_` and 24 random characters. */
    readonly generateId?: (() => string) | undefined;
}
/**
 * Tool calling for any model that writes JSON under a schema, and a tool choice that is obeyed. Requests that the model
 * can serve natively go through as they are. An instance remembers which models of `unknown` capability have refused
 * tools, by provider and model id, for five minutes: use one for each host.
 */
declare function jsonToolCalls(options?: JsonToolCallsOptions): Middleware;

interface RecoverToolCallsOptions {
    /** Makes ids for the calls. Default `call_` and 24 random characters. */
    readonly generateId?: (() => string) | undefined;
}
/**
 * Text that turns out to be a call becomes one: for requests with tools, as long as the model makes no call of its own.
 * What is a call is told at `createLeakScanner`. All other text, and every request without tools, goes as it came.
 */
declare function recoverToolCalls({ generateId }?: RecoverToolCallsOptions): Middleware;

export { jsonToolCalls, recoverToolCalls };
export type { JsonToolCallsOptions, RecoverToolCallsOptions };
