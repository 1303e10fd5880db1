import fc from "fast-check";
import { expect, it } from "vitest";
import { arbitraryJson, type Components, type Schema } from "./arbitrary-json.ts";
import { startProxy } from "./start-proxy.ts";

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}
interface Document {
  readonly openapi: string;
  readonly components: { readonly schemas: Components };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** What a model is asked for, most of the time by a name that there is. */
const models = ["ollama_chat/plain", "ollama/plain", "embedder", "tools", "thinker", "nope"];

it("is public, and every operation in it is served", async () => {
  const { url } = await startProxy({ masterKey: "sk-a" });
  const document = await documentOf(url);
  expect(document.openapi).toMatch(/^3\.1/);
  for (const [path, operations] of Object.entries(document.paths))
    for (const method of Object.keys(operations)) {
      const { status } = await fetch(url + path.replace("{model}", "plain"), { method });
      // No key: whoever is there wants one.
      expect(`${method} ${path} ${status}`).toMatch(/^get \/health\/(liveliness|readiness) 200$|401$/);
    }
});

it("whatever is asked as it says, there is no fault of ours, and each error is in OpenAI's shape", async () => {
  const { url } = await startProxy();
  const { paths, components } = await documentOf(url);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const requests = fc.constantFrom(...operations).chain(({ path, method, operation }) => {
    const schema = operation.requestBody?.content["application/json"]?.schema;
    return fc.record({
      method: fc.constant(method),
      path: fc.constant(path),
      model: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...models) },
        { weight: 1, arbitrary: fc.string({ minLength: 1 }) },
      ),
      query: fc.string(),
      body: schema === undefined ? fc.constant(undefined) : arbitraryJson(schema, components.schemas),
    });
  });
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(requests, async ({ method, path, model, query, body }) => {
      const target = new URL(url + path.replace("{model}", encodeURIComponent(model)));
      if (method === "get") target.searchParams.set("model", query);
      const response = await fetch(target, {
        method,
        ...(body !== undefined && {
          headers: { "content-type": "application/json" },
          body: JSON.stringify(isObject(body) && "model" in body ? { ...body, model } : body),
        }),
      });
      const { status } = response;
      const text = await response.text();
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status >= 400) expect(JSON.parse(text)).toEqual({ error: ERROR });
      if (status >= 500)
        expect(JSON.parse(text)).toMatchObject({
          error: { code: expect.stringMatching(/^upstream_|^no_healthy_upstream$/) },
        });
    }),
    { numRuns: 400, endOnFailure: true },
  );
  // Else all of it would have been turned away at the first field.
  expect(statuses.get(200)).toBeGreaterThan(50);
  expect(statuses.get(400)).toBeGreaterThan(50);
}, 60_000);

const ERROR = {
  message: expect.stringMatching(/./),
  type: expect.stringMatching(/_error$/),
  param: expect.toSatisfy((param) => param === null || typeof param === "string"),
  code: expect.stringMatching(/^[a-z_]+$/),
};

async function documentOf(url: string): Promise<Document> {
  return (await (await fetch(`${url}/openapi.json`)).json()) as Document;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
