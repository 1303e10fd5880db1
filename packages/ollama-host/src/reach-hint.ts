import { ProviderError } from "@llamaduct/core";

/** A transport's failure with what whoever runs the server can do about it. */
export function withReachHint(error: ProviderError, baseURL: string): ProviderError {
  const hint = reachHint(error, new URL(baseURL));
  if (hint === undefined) return error;
  const { code, message, cause } = error;
  return new ProviderError({ code, message: `${message} ${hint}`, cause });
}

function reachHint({ code, cause }: ProviderError, { hostname, protocol }: URL): string | undefined {
  if (code === "upstream_protocol_error") return "Is that the port of an Ollama server? The usual one is 11434.";
  if (code !== "upstream_connection_failed") return undefined;
  switch (codeOf(cause)) {
    case "ECONNREFUSED":
      return isLoopback(hostname)
        ? "Is Ollama running (`ollama serve`)? In a container this address is the container's own: the machine is `host.docker.internal`."
        : "Is Ollama running there, and does it listen to other machines (`OLLAMA_HOST=0.0.0.0 ollama serve`)?";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return hostname === "host.docker.internal"
        ? "On Linux containers know it when they start with `--add-host=host.docker.internal:host-gateway`."
        : undefined;
    default:
      return protocol === "https:" ? "Ollama itself speaks http, not https." : undefined;
  }
}

/** Of several addresses that failed alike, as `localhost` has, the first says why. */
function codeOf(cause: unknown): unknown {
  return typeof cause === "object" && cause !== null ? (cause as { readonly code?: unknown }).code : undefined;
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}

/** An answer that no Ollama server gives: who gave it, and of what kind it was. What it says is for the log. */
export function notOllama(
  baseURL: string,
  answer: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text?: string },
): ProviderError {
  const { host } = new URL(baseURL);
  const { status, headers, text } = answer;
  return new ProviderError({
    code: "upstream_protocol_error",
    message: `${host} answered ${status} with ${kindOf(headers["content-type"])}, as no Ollama API does: is it another server, or another path of this one? Ollama's usual port is 11434.`,
    upstreamStatus: status,
    upstreamMessage: text === "" ? undefined : text,
  });
}

function kindOf(contentType = ""): string {
  if (/^text\/html\b/i.test(contentType)) return "an HTML page";
  if (/\bjson\b/i.test(contentType)) return "other JSON";
  return /^text\//i.test(contentType) ? "plain text" : "something else";
}
