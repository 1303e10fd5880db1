import { ProviderError } from "@llamaduct/core";

/**
 * A whole body as text, for answers that are not streams. Default limit 64 MiB; more is `upstream_response_too_large`,
 * text that is not UTF-8 is `upstream_protocol_error`. A byte order mark is dropped.
 */
export async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number = 64 * 1024 * 1024): Promise<string> {
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  const texts: string[] = [];
  let size = 0;
  for await (const bytes of body) {
    size += bytes.byteLength;
    if (size > maxBytes) {
      throw new ProviderError({
        code: "upstream_response_too_large",
        message: `The upstream sent more than ${maxBytes} bytes.`,
      });
    }
    texts.push(decode(utf8, bytes));
  }
  texts.push(decode(utf8));
  return texts.join("");
}

/** Without bytes: the end, where an unfinished character is an error. */
function decode(utf8: InstanceType<typeof TextDecoder>, bytes?: Uint8Array): string {
  try {
    return utf8.decode(bytes, { stream: bytes !== undefined });
  } catch (cause) {
    throw new ProviderError({
      code: "upstream_protocol_error",
      message: "The upstream sent text that is not UTF-8.",
      cause,
    });
  }
}
