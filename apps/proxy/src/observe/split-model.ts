/** `ollama_chat/llama3.2` in two: LiteLLM has provider and model as labels of their own. */
export function splitModel(model: string): readonly [provider: string, model: string] {
  const slash = model.indexOf("/");
  return slash === -1 ? ["", model] : [model.slice(0, slash), model.slice(slash + 1)];
}
