import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import OpenAI from "openai";

export interface Served extends AsyncDisposable {
  readonly client: OpenAI;
}

/** OpenAI's own client, talking to a socket that answers each body with what `answer` gives: JSON, or events as text. */
export async function serve(answer: (body: unknown) => object | string): Promise<Served> {
  const server = createServer(async (request: IncomingMessage, response) => {
    const content = answer(JSON.parse(await text(request)));
    const events = typeof content === "string";
    response.setHeader("content-type", events ? "text/event-stream" : "application/json");
    response.end(events ? content : JSON.stringify(content));
  });
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await listening;
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    client: new OpenAI({ baseURL: `http://127.0.0.1:${port}/v1`, apiKey: "none", maxRetries: 0 }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
