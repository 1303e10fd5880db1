// index.d.ts
import { ChatRequest, TextRequest, Middleware } from '@llamaduct/core';

interface StructuredOutputOptions {
    /**
     * How often a strict answer that breaks its schema is asked for again, the violation described. With one, strict
     * answers are held until they are known to be right; without, they stream. Default 0.
     */
    readonly repairs?: 0 | 1 | undefined;
}
type AnyRequest = ChatRequest | TextRequest;
/**
 * Makes JSON answers hold what `responseFormat` asks: strict ones are validated, tools and a schema work together, and
 * an answer ends where its JSON does. Everything else passes untouched.
 */
declare function structuredOutput<Request extends AnyRequest = ChatRequest>({ repairs, }?: StructuredOutputOptions): Middleware<Request>;

export { structuredOutput };
export type { StructuredOutputOptions };
