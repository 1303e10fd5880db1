/** A request body: a JSON object, of which these fields matter here. */
export interface RequestBody {
  readonly model?: unknown;
  readonly stream?: unknown;
  readonly messages?: unknown;
  readonly tools?: unknown;
  readonly prompt?: unknown;
  readonly suffix?: unknown;
  readonly images?: unknown;
  readonly format?: unknown;
  readonly think?: unknown;
  readonly raw?: unknown;
  readonly template?: unknown;
  readonly options?: unknown;
  readonly keep_alive?: unknown;
  readonly input?: unknown;
  readonly dimensions?: unknown;
}

/** Whether a value is a JSON object, not an array. */
export function isRequestBody(value: unknown): value is RequestBody {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the request sends tools. */
export function sendsTools(body: RequestBody): boolean {
  return Array.isArray(body.tools) && body.tools.length > 0;
}

/** Whether the request asks for a fill in the middle. */
export function sendsSuffix(body: RequestBody): boolean {
  return typeof body.suffix === "string" && body.suffix !== "";
}

/** Whether the prompt or a message carries images. */
export function sendsImages(body: RequestBody): boolean {
  const messages = Array.isArray(body.messages) ? body.messages : [];
  return [body, ...messages].some((carrier) => Array.isArray(carrier?.images) && carrier.images.length > 0);
}

/** Whether the request has no messages and no prompt: it only loads the model, or unloads it. */
export function isLoadRequest(body: RequestBody): boolean {
  const { messages, prompt } = body;
  return (!Array.isArray(messages) || messages.length === 0) && (typeof prompt !== "string" || prompt === "");
}
