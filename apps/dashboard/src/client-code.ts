/** How to use the proxy from one client: text to copy. */
export interface ClientCode {
  readonly name: string;
  /** Where the text goes. */
  readonly where: string;
  readonly text: string;
}

export interface ClientCodeOptions {
  /** Where the proxy is: `http://localhost:4000`, `https://example.com/llm`. */
  readonly address: string;
  readonly model: string;
  readonly needsKey: boolean;
}

/** One for each client that people ask for. The key itself is never in it. */
export function clientCode({ address, model, needsKey }: ClientCodeOptions): readonly ClientCode[] {
  const baseURL = JSON.stringify(`${address}/v1`);
  const key = needsKey ? "sk-…" : "none";
  const name = JSON.stringify(model);
  return [
    {
      name: "curl",
      where: "shell",
      text: `curl ${address}/v1/chat/completions \\
  -H 'content-type: application/json' \\${needsKey ? `\n  -H 'authorization: Bearer ${key}' \\` : ""}
  -d '{
    "model": ${name.replaceAll("'", "'\\''")},
    "messages": [{ "role": "user", "content": "Hello!" }]
  }'`,
    },
    {
      name: "Node",
      where: "npm install openai",
      text: `import OpenAI from "openai";

const client = new OpenAI({ baseURL: ${baseURL}, apiKey: "${key}" });
const stream = await client.chat.completions.create({
  model: ${name},
  messages: [{ role: "user", content: "Hello!" }],
  stream: true,
});
for await (const { choices } of stream) process.stdout.write(choices[0]?.delta.content ?? "");`,
    },
    {
      name: "Python",
      where: "pip install openai",
      text: `from openai import OpenAI

client = OpenAI(base_url=${baseURL}, api_key="${key}")
stream = client.chat.completions.create(
    model=${name},
    messages=[{"role": "user", "content": "Hello!"}],
    stream=True,
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)`,
    },
    {
      name: "Open WebUI",
      where: "shell",
      text: `# A container reaches the proxy only if that listens on all addresses: --host 0.0.0.0
docker run -d --name open-webui -p 3000:8080 \\
  --add-host host.docker.internal:host-gateway \\
  -e OPENAI_API_BASE_URL=${fromContainer(address)}/v1 \\
  -e OPENAI_API_KEY=${key} \\
  -v open-webui:/app/backend/data \\
  ghcr.io/open-webui/open-webui:main`,
    },
    {
      name: "LangChain",
      where: "pip install langchain-openai",
      text: `from langchain_openai import ChatOpenAI

model = ChatOpenAI(base_url=${baseURL}, api_key="${key}", model=${name})
for chunk in model.stream("Hello!"):
    print(chunk.content, end="", flush=True)`,
    },
    {
      name: "AI SDK",
      where: "npm install ai @ai-sdk/openai-compatible",
      text: `import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { streamText } from "ai";

const llamaduct = createOpenAICompatible({ name: "llamaduct", baseURL: ${baseURL}, apiKey: "${key}" });
const { textStream } = streamText({ model: llamaduct(${name}), prompt: "Hello!" });
for await (const text of textStream) process.stdout.write(text);`,
    },
    {
      name: "Continue",
      where: "~/.continue/config.yaml",
      text: `name: Llamaduct
version: 1.0.0
schema: v1
models:
  - name: ${name}
    provider: openai
    model: ${name}
    apiBase: ${baseURL}
    apiKey: "${key}"
    roles: [chat, edit, apply]`,
    },
  ];
}

/** A container's own localhost is the container. */
function fromContainer(address: string): string {
  return address.replace(/^(https?:\/\/)(localhost|127\.0\.0\.1|\[::1\])(?=[:/]|$)/, "$1host.docker.internal");
}
