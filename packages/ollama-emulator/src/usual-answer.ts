import { isIP } from "node:net";
import { hostname } from "node:os";
import { embedAnswer } from "./embed-answer.ts";
import { exactRecording, fittingRecording } from "./fitting-recording.ts";
import { capabilitiesOf, type InstalledModel, installedModel, showAnswer } from "./installed-models.ts";
import { fullModelName, withTag } from "./model-name.ts";
import { type OllamaVersion, type Recording, recording } from "./recordings.ts";
import {
  isLoadRequest,
  isRequestBody,
  type RequestBody,
  sendsImages,
  sendsSuffix,
  sendsTools,
} from "./request-body.ts";

/** What arrived: path without query, lower-case header names, the body as text and, where it is JSON, parsed. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: unknown;
}

/** What goes back. A recording is one. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly chunked: boolean;
  readonly chunks: readonly (string | Uint8Array)[];
  readonly ended: "complete" | "closed";
}

/** Which server answers. */
export interface Persona {
  readonly version: OllamaVersion;
  /** Whether it listens on a loopback address: only then does Ollama look at `Host`. */
  readonly onLoopback: boolean;
}

/** How an Ollama server with the scripted models answers, told from its recordings. */
export function usualAnswer(asked: Asked, { version, onLoopback }: Persona): Answer {
  const { method, path, headers } = asked;
  const { host, origin } = headers;
  if (onLoopback && isForeignHost(host)) return recording(version, "server-foreign-host");
  if (isForeignOrigin(origin, host)) return recording(version, "server-foreign-origin");
  if (path.includes("//")) {
    return withHeader(recording(version, "server-double-slash"), "Location", path.replace(/\/{2,}/g, "/"));
  }
  const route = routes[path];
  if (route === undefined) return recording(version, "server-unknown-path");
  const methods = "page" in route ? ["GET", "HEAD"] : ["POST"];
  if (!methods.includes(method)) {
    return withHeader(recording(version, "server-wrong-method"), "Allow", methods.join(", "));
  }
  if ("page" in route) return recording(version, route.page);

  if (asked.text === "") return recording(version, "chat-empty-body");
  if (!isRequestBody(asked.body)) return recording(version, "chat-malformed");
  return exactRecording(version, path, asked.body) ?? modelAnswer(version, route.kind, asked.body);
}

type Kind = "chat" | "generate" | "embed" | "embeddings" | "show";
type Route = { readonly page: string } | { readonly kind: Kind };

const routes: Readonly<Record<string, Route>> = {
  "/": { page: "server-root" },
  "/api/version": { page: "server-version" },
  "/api/status": { page: "server-status" },
  "/api/tags": { page: "tags" },
  "/api/ps": { page: "ps-loaded" },
  "/api/chat": { kind: "chat" },
  "/api/generate": { kind: "generate" },
  "/api/embed": { kind: "embed" },
  "/api/embeddings": { kind: "embeddings" },
  "/api/show": { kind: "show" },
};

function modelAnswer(version: OllamaVersion, kind: Kind, body: RequestBody): Answer {
  const name = typeof body.model === "string" ? body.model : "";
  if (name === "" && kind !== "generate" && kind !== "embed") return recording(version, "chat-no-model");
  const model = installedModel(version, name);
  if (model === undefined) return notFound(version, kind, name);
  if (kind === "show") return showAnswer(version, model);

  // Also of a model that makes no completions.
  if (kind === "generate" && isLoadRequest(body) && body.keep_alive === 0)
    return askedAs(name, recording(version, "generate-unload"));
  const refusal = refusalOf(version, kind, model, body);
  if (refusal !== undefined) return refusal;
  if (kind === "embeddings") return recording(version, "embeddings-legacy");
  if (kind === "embed") return askedAs(name, embedAnswer(version, body));
  if (isLoadRequest(body)) {
    return askedAs(name, recording(version, body.keep_alive === 0 ? `${kind}-unload` : `${kind}-load`));
  }
  return askedAs(name, fittingRecording(version, `/api/${kind}`, { ...body, model: name }));
}

function notFound(version: OllamaVersion, kind: Kind, name: string): Answer {
  switch (kind) {
    case "chat":
    case "generate":
      return reworded(recording(version, "chat-missing-model"), "nope", name);
    case "embed":
    case "embeddings":
      return reworded(recording(version, "embed-missing-model"), "nope", name);
    case "show": {
      // 0.33.0 names the tag, 0.24.0 repeats what was asked.
      const recorded = recording(version, "show-missing");
      const tagged = recorded.chunks.join("").includes("nope:latest");
      return tagged ? reworded(recorded, "nope:latest", withTag(name)) : reworded(recorded, "nope", name);
    }
  }
}

function refusalOf(version: OllamaVersion, kind: Kind, model: InstalledModel, body: RequestBody): Answer | undefined {
  const can = capabilitiesOf(version, model);
  const filedName = "registry.ollama.ai/library/plain:latest";
  const name = String(body.model);
  if (kind === "embed" || kind === "embeddings") {
    // 0.24.0 makes embeddings with any model.
    const recorded = recording(version, "embed-not-an-embedder");
    return can.includes("embedding") || recorded.status === 200 ? undefined : recorded;
  }
  if (!can.includes("completion")) {
    // Not recorded; the text is in Ollama's own tests.
    const thinking = reworded(recording(version, "chat-think-unsupported"), "plain", name);
    return reworded(thinking, "thinking", kind);
  }
  if (kind === "chat" && sendsTools(body) && !can.includes("tools")) {
    return reworded(recording(version, "chat-tools-unsupported"), filedName, fullModelName(name));
  }
  if (kind === "generate" && sendsSuffix(body) && !can.includes("insert")) {
    return reworded(recording(version, "generate-suffix-unsupported"), filedName, fullModelName(name));
  }
  if (body.think !== undefined && body.think !== null && body.think !== false && !can.includes("thinking")) {
    return reworded(recording(version, "chat-think-unsupported"), "plain", name);
  }
  if (sendsImages(body)) {
    // 0.24.0 ignores them.
    const recorded = recording(version, "chat-image-no-vision");
    return recorded.status === 200 ? undefined : recorded;
  }
  return undefined;
}

/** Servers repeat the model's name as it was asked, at the start of every line. */
function askedAs(name: string, recorded: Recording): Answer {
  const start = /^\{"model":"[^"]*"/;
  return {
    ...recorded,
    chunks: recorded.chunks.map((chunk) => chunk.replace(start, () => `{"model":${JSON.stringify(name)}`)),
  };
}

function reworded<T extends Answer>(answer: T, recorded: string, asked: string): Answer {
  const escaped = JSON.stringify(asked).slice(1, -1);
  return { ...answer, chunks: answer.chunks.map((chunk) => String(chunk).replace(recorded, () => escaped)) };
}

function withHeader(answer: Answer, name: string, value: string): Answer {
  return { ...answer, headers: answer.headers.map((header) => (header[0] === name ? [name, value] : header)) };
}

/** A real server also turns public IP addresses away. */
function isForeignHost(host: string | undefined): boolean {
  const name = (host ?? "")
    .replace(/:\d*$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
  const local = name === "" || name === "localhost" || name === hostname().toLowerCase() || isIP(name) !== 0;
  return !local && !/\.(localhost|local|internal)$/.test(name);
}

function isForeignOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined || origin === `http://${host}` || origin === `https://${host}`) return false;
  return !/^(https?:\/\/(localhost|127\.0\.0\.1|0\.0\.0\.0)(:\d+)?$|(app|file|tauri|vscode-webview|vscode-file):\/\/)/.test(
    origin,
  );
}
