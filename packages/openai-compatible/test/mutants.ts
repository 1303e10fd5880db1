/** A one-line fault in the adapter, which the kit must notice without any other test. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

const mutant = (name: string, file: string, find: string, replace: string): Mutant => ({ name, file, find, replace });

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: it is source text
export const mutants: readonly Mutant[] = [
  // the sequence
  mutant("no start", "openai-compatible.ts", 'yield [{ type: "start", modelId, warnings }];', ""),
  mutant(
    "start before the server has accepted",
    "openai-compatible.ts",
    "const events = await upstream.stream(kind.path, body, call);",
    'yield [{ type: "start", modelId, warnings }]; const events = await upstream.stream(kind.path, body, call); if (events) return;',
  ),
  mutant(
    "start names another model",
    "openai-compatible.ts",
    '"start", modelId, warnings',
    '"start", modelId: "m", warnings',
  ),
  mutant("empty batches", "openai-compatible.ts", "if (parts.length > 0) yield parts;", "yield parts;"),
  mutant("no finish", "to-parts.ts", 'if (chunk === "[DONE]") {', 'if (chunk === "[DONE]" && false) {'),
  mutant("two finishes", "to-parts.ts", "if (isFinished) return [];", "if (isFinished) return finish();"),
  mutant("parts after finish", "to-parts.ts", "if (isFinished) return;", ""),
  mutant(
    "buffer the whole answer",
    "openai-compatible.ts",
    "of readChunks(events, server)) {",
    "of [(await Array.fromAsync(readChunks(events, server))).flat()]) {",
  ),
  mutant("empty deltas", "to-parts.ts", "if (piece) parts.push", "if (piece != null) parts.push"),
  // ends and faults
  mutant("an early end is an end", "to-parts.ts", "if (rawReason !== undefined) return finish();", "return finish();"),
  mutant(
    "skip what is not JSON",
    "read-chunks.ts",
    'throw protocolError("an event that is not JSON", data);',
    "return {};",
  ),
  mutant(
    "lose what precedes a fault",
    "read-chunks.ts",
    "if (chunks.length > 0) yield chunks;",
    "if (failure === undefined && chunks.length > 0) yield chunks;",
  ),
  mutant("take a failure for an event", "read-chunks.ts", '"error" in value)', '"errors" in value)'),
  mutant(
    "strict about unknown fields",
    "wire.ts",
    "const chunk: z.ZodType<Chunk> = z.object({",
    "const chunk: z.ZodType<Chunk> = z.strictObject({",
  ),
  // what an answer says
  mutant(
    "always stop",
    "to-parts.ts",
    'case "length":\n      return "length";',
    'case "length":\n      return "stop";',
  ),
  mutant("calls end with stop", "to-parts.ts", 'return hasToolCalls ? "tool-calls" : "stop";', 'return "stop";'),
  mutant("unknown usage is zero", "to-usage.ts", "usage?.prompt_tokens ?? undefined", "usage?.prompt_tokens ?? 0"),
  mutant(
    "zero usage is unknown",
    "to-usage.ts",
    "usage?.completion_tokens ?? undefined",
    "usage?.completion_tokens || undefined",
  ),
  mutant("forget the usage", "to-parts.ts", "usage = chunk.usage ?? usage;", ""),
  mutant("reasoning as text", "to-parts.ts", 'parts.push({ type: "reasoning-delta"', 'parts.push({ type: "text-delta"'),
  mutant("no reasoning", "to-parts.ts", "delta?.reasoning_content || delta?.reasoning;", "delta?.reasoning_content;"),
  mutant("no text of completions", "to-parts.ts", "delta?.refusal, text]", "delta?.refusal]"),
  mutant("one call at a time", "tool-call-reader.ts", "calls.findLast((call) => call.index === index)", "calls.at(-1)"),
  mutant("one id for every call", "tool-call-reader.ts", "id: id && !isTaken ? id : generateId(),", 'id: "call_1",'),
  mutant("drop arguments", "tool-call-reader.ts", "if (argumentsDelta) {", "if (false as boolean) {"),
  // what is asked
  mutant("forget a setting", "to-request-fields.ts", '  topP: "top_p",', ""),
  mutant("a setting under another name", "to-request-fields.ts", 'seed: "seed"', 'seed: "random_seed"'),
  mutant("drop zeros", "to-request-fields.ts", "return entry[1] !== undefined;", "return Boolean(entry[1]);"),
  mutant(
    "invent a temperature",
    "to-chat-body.ts",
    "...sampling,",
    '...sampling, temperature: sampling["temperature"] ?? 0.7,',
  ),
  mutant("drop extras", "to-request-fields.ts", "...Object.fromEntries(sent), ...fields", "...fields"),
  mutant("trim the prompt", "to-text-body.ts", "prompt,\n      suffix,", "prompt: prompt.trim(), suffix,"),
  mutant("drop the suffix", "to-text-body.ts", "suffix,\n      ...", "..."),
  mutant(
    "drop a system text",
    "to-text-body.ts",
    'if (system !== undefined) throw unsupported("system", "a system message");',
    "",
  ),
  mutant(
    "drop images of a text",
    "to-text-body.ts",
    'if (images.length > 0) throw unsupported("images", "images");',
    "",
  ),
  mutant(
    "drop images of a chat",
    "to-chat-body.ts",
    'if (parts.length === 1 && first?.type === "text") return first.text;',
    'if (first?.type === "text") return first.text;',
  ),
  mutant("drop the schema", "to-chat-body.ts", "if (schema === undefined) return", "if (schema !== null) return"),
  mutant("drop the level of reasoning", "to-chat-body.ts", "reasoning_effort: toWireEffort(reasoning),", ""),
  mutant(
    "drop tool descriptions",
    "to-chat-body.ts",
    "...(description !== undefined && { description }), parameters",
    "parameters",
  ),
  mutant("ignore the choice of tools", "to-chat-body.ts", "tool_choice: toWireChoice(toolChoice),", ""),
  mutant("drop earlier calls", "to-chat-body.ts", "...(calls.length > 0 && { tool_calls: calls }),", ""),
  mutant("an empty conversation is fine", "to-chat-body.ts", "if (messages.length === 0)", "if (messages.length < 0)"),
  mutant(
    "messages the other way round",
    "to-chat-body.ts",
    "messages: messages.map(toWireMessage),",
    "messages: messages.map(toWireMessage).toReversed(),",
  ),
  // transport
  mutant("forget the signal", "upstream.ts", "signal: call.signal,", ""),
  mutant(
    "forget the key",
    "to-server.ts",
    "...(options.apiKey !== undefined && { authorization: `Bearer ${options.apiKey}` }),",
    "",
  ),
  mutant(
    "the key in the URL",
    "upstream.ts",
    "url: baseURL + path,",
    "url: `${baseURL + path}?key=${Object.values(ownHeaders)}`,",
  ),
  mutant(
    "a caller replaces the key",
    "upstream.ts",
    "...callHeaders(call.headers),\n        ...ownHeaders,",
    "...ownHeaders,\n        ...call.headers,",
  ),
  mutant("forget the caller's headers", "upstream.ts", "...callHeaders(call.headers),", ""),
  mutant("cut the base URL's path", "to-server.ts", "const path = url.pathname", 'const path = "/v1"'),
  mutant("keep a trailing slash", "to-server.ts", "/(?<!\\/)\\/+$/", "/$^/"),
  mutant("any scheme", "to-server.ts", "if (url === null || !/^https?:$/.test(url.protocol))", "if (url === null)"),
  // errors
  mutant(
    "every refusal is one",
    "to-upstream-error.ts",
    "...(rule ?? byStatus(status, said)),",
    "...(rule ?? byStatus(500, said)),",
  ),
  mutant(
    "tell the server's words",
    "to-upstream-error.ts",
    'upstreamMessage: said.message === "" ? undefined : said.message,',
    "message: said.message,",
  ),
  mutant("forget the status", "to-upstream-error.ts", "upstreamStatus: status,", ""),
  mutant("forget how long to wait", "upstream.ts", ', retryAfter: response.headers["retry-after"]', ""),
  mutant(
    "seconds for milliseconds",
    "to-upstream-error.ts",
    "retryAfterMs: retryAfterMs(retryAfter)",
    "retryAfterMs: Number(retryAfter)",
  ),
  mutant(
    "a missing model is bad protocol",
    "to-upstream-error.ts",
    "model_not_found|model .*(not found|does not exist)",
    "model_not_found",
  ),
  mutant(
    "a long prompt is a bad request",
    "to-upstream-error.ts",
    "context_length_exceeded|exceed_context_size|maximum (context|model) length|",
    "",
  ),
  mutant(
    "the cause tells",
    "upstream.ts",
    "upstreamMessage: text,\n  });\n}\n\nfunction isError",
    "cause: text,\n  });\n}\n\nfunction isError",
  ),
  // the rest
  mutant(
    "take any option",
    "openai-compatible.ts",
    "if (unknown === undefined) return createOpenAICompatible({ ...settings, maxLineBytes });",
    "if (unknown !== null) return createOpenAICompatible({ ...settings, maxLineBytes });",
  ),
  mutant(
    "the application has no say",
    "openai-compatible.ts",
    "capabilities: () => ({ ...kind.capabilities, ...facts?.capabilities }),",
    "capabilities: () => kind.capabilities,",
  ),
  mutant(
    "a foreign name",
    "openai-compatible.ts",
    "provider: ID,\n      modelId,\n      capabilities",
    'provider: "other",\n      modelId,\n      capabilities',
  ),
  mutant(
    "one request for all inputs, in part",
    "embedding-model.ts",
    "const part = input.slice(index, index + MAX_INPUTS);",
    "const part = input.slice(0, MAX_INPUTS);",
  ),
  mutant(
    "believe any number of vectors",
    "embedding-model.ts",
    "if (data.length === count && vectors.length === count && vectors.every((vector) => vector !== undefined))",
    "if (vectors.length > 0)",
  ),
  mutant("drop dimensions", "embedding-model.ts", "input: part, dimensions", "input: part"),
  mutant(
    "forget embedding tokens",
    "embedding-model.ts",
    "counts.push(reply.usage?.prompt_tokens ?? undefined);",
    "counts.push(undefined);",
  ),
  mutant(
    "an unreadable list is empty",
    "list-models.ts",
    '(await upstream.ask({ path: "/models", call }, parseModels)).data.map(toModelInfo)',
    '(await upstream.ask({ path: "/models", call }, (value) => parseModels(value) ?? { data: [] })).data.map(toModelInfo)',
  ),
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: it is source text
