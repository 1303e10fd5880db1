import type { ImageReaderOptions } from "@llamaduct/images";
import { imageSources, replaceImageSources } from "@llamaduct/openai-dialect/chat";
import { once } from "./once.ts";

/** The request with every image as a data URL of what it really is. One without images comes back as it is. */
export type InlineImages = (request: object, signal: AbortSignal | undefined) => Promise<object>;

/** The reader is loaded by the first request that has an image. */
export function createInlineImages(options: ImageReaderOptions | undefined): InlineImages {
  const reader = once(async () => {
    const { createImageReader } = await import("@llamaduct/images");
    return createImageReader(options);
  });
  return async (request, signal) => {
    const sources = imageSources(request);
    if (sources.length === 0) return request;
    const images = await (await reader()).readAll(sources, { signal });
    return replaceImageSources(
      request,
      images.map(({ mediaType, data }) => `data:${mediaType};base64,${data}`),
    );
  };
}
