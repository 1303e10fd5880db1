/** Where Azure's and the first OpenAI clients name the model, and what they ask of it. */
const MODEL_IN_PATH =
  /^(\/engines\/|\/openai\/deployments\/)([^?]+?)(\/chat\/completions|\/completions|\/embeddings)(\?.*)?$/;

/**
 * The URL that is routed: without the path that a reverse proxy serves us below, and with a model's name as one segment
 * (`/engines/ollama/llama3/completions`).
 */
export function rewriteUrl(url: string, rootPath: string): string {
  const below = url.slice(rootPath.length);
  const routed = url.startsWith(rootPath) && /^[/?]/.test(below) ? below : url;
  return routed.replace(MODEL_IN_PATH, (_, head, model, work, query = "") => {
    return head + model.replaceAll("/", "%2F") + work + query;
  });
}
