export {
  createImageReader,
  type ImageMediaType,
  type ImageReader,
  type ImageReaderOptions,
  type ImageSource,
  type ReadImage,
} from "./create-image-reader.ts";
export type { RemoteImageOptions } from "./remote-images.ts";
