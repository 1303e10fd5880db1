/** Why the proxy cannot serve, in words for whoever started it; nothing else is printed. */
export class StartError extends Error {
  override readonly name = "StartError";
}
