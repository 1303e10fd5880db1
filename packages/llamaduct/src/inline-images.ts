import type { ImageReaderOptions } from "@llamaduct/images";
import { dialect } from "./dialect.ts";
import { later } from "./later.ts";
import { once } from "./once.ts";

/** The request with every image as a data URL of what it really is. One without images comes back as it is. */
export type InlineImages = (request: object, signal: AbortSignal | undefined) => Promise<object>;

/** The reader is loaded by the first request that has an image. */
export function createInlineImages(options: ImageReaderOptions | undefined): InlineImages {
  const reader = once(async () => (await imagePackage()).createImageReader(options));
  return async (request, signal) => {
    if (!mayHaveImages(request)) return request;
    const { imageSources, replaceImageSources } = await dialect();
    const sources = imageSources(request);
    if (sources.length === 0) return request;
    const images = await (await reader()).readAll(sources, { signal });
    return replaceImageSources(
      request,
      images.map(({ mediaType, data }) => `data:${mediaType};base64,${data}`),
    );
  };
}

const imagePackage = later(() => import("@llamaduct/images"));

/** Whether the dialect has to look: there are none in plain text. */
function mayHaveImages({ messages, images }: { readonly messages?: unknown; readonly images?: unknown }): boolean {
  return (
    images !== undefined ||
    (Array.isArray(messages) && messages.some((each) => each?.images || Array.isArray(each?.content)))
  );
}
