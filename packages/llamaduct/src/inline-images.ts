import type { ImageReader } from "@llamaduct/images";
import { imageSources, replaceImageSources } from "@llamaduct/openai-dialect";

/** The request with every image as a data URL of what it really is. One without images comes back as it is. */
export async function inlineImages(
  request: object,
  reader: ImageReader,
  signal: AbortSignal | undefined,
): Promise<object> {
  const sources = imageSources(request);
  if (sources.length === 0) return request;
  const images = await reader.readAll(sources, { signal });
  return replaceImageSources(
    request,
    images.map(({ mediaType, data }) => `data:${mediaType};base64,${data}`),
  );
}
