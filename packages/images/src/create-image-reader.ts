import { decodeBase64, decodedSize } from "./base64.ts";
import { identify } from "./identify.ts";
import { invalidImage, unsupportedImage } from "./image-error.ts";
import { imageSize } from "./image-size.ts";
import { linkedAbort } from "./linked-abort.ts";
import { createRemoteImages, type FetchForRequest, type RemoteImageOptions } from "./remote-images.ts";
import { createSlots } from "./slots.ts";
import { toPlainBase64 } from "./to-plain-base64.ts";

export type ImageMediaType = "image/png" | "image/jpeg" | "image/webp" | "image/gif";

/** An image as the contract takes it: base64 without a prefix, standard alphabet, padded; and what it is by its bytes. */
export interface ReadImage {
  readonly mediaType: ImageMediaType;
  readonly data: string;
}

export interface ImageReaderOptions {
  /** Whether `http:` and `https:` URLs are fetched, and under which limits. Default `false`: refused. */
  readonly remote?: false | RemoteImageOptions | undefined;
  /** Of one image, decoded. Default 20 MiB. */
  readonly maxBytes?: number | undefined;
  /** Width × height of one image. Default 40 000 000. */
  readonly maxPixels?: number | undefined;
  /** What may come out; other formats are refused by name. Default PNG, JPEG and WebP. SVG comes out as PNG. */
  readonly accepts?: readonly ImageMediaType[] | undefined;
}

/** Where an image is: a data URL, base64, or an `http:` or `https:` URL. */
export interface ImageSource {
  readonly source: string;
  /** The field to name in errors, e.g. `messages.0.content.1.image_url`. */
  readonly setting?: string | undefined;
}

export interface ImageReader {
  /** One image. Throws a `ProviderError`, `unsupported` for a format by its name and else `invalid_value`, or `signal.reason`. */
  read(
    source: string,
    options?: { readonly setting?: string | undefined; readonly signal?: AbortSignal | undefined },
  ): Promise<ReadImage>;
  /** The images of one request, in order: limits for a request count over them, and the first failure ends the others. */
  readAll(
    sources: readonly ImageSource[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<readonly ReadImage[]>;
}

/** A renderer takes a thread and up to 512 MiB. */
const SVGS_AT_A_TIME = 2;
/** Base64 of 60 kB: enough for every signature, and for the size in nearly every file. */
const HEAD_CHARACTERS = 80_000;

/** A reader holds no images, but connections, and the limits on how much runs at a time: make one and keep it. */
export function createImageReader(options: ImageReaderOptions = {}): ImageReader {
  const { remote = false, maxBytes = 20 * 1024 * 1024, maxPixels = 40_000_000 } = options;
  const { accepts = ["image/png", "image/jpeg", "image/webp"] } = options;
  const openRequest = remote === false ? () => refuseUrl : createRemoteImages(remote);
  const svgSlots = createSlots(SVGS_AT_A_TIME);

  const readAll: ImageReader["readAll"] = async (sources, { signal } = {}) => {
    signal?.throwIfAborted();
    const images = sources.map(({ source, setting }) => ({ source: source.trim(), setting }));
    const fetchImage = openRequest(images.filter(isUrl));
    const abort = linkedAbort(signal);
    try {
      return await Promise.all(images.map((image) => readOne(image, { fetchImage, signal: abort.signal })));
    } finally {
      abort.abort(new Error("The images are not wanted any more."));
    }
  };

  async function readOne(image: ImageSource, { fetchImage, signal }: RequestContext): Promise<ReadImage> {
    const { setting } = image;
    const data = isUrl(image) ? await fetchImage(image, signal) : toPlainBase64(image.source);
    if (data === undefined) throw invalidImage(setting, "is neither a data URL, nor base64, nor an http or https URL.");
    if (decodedSize(data) > maxBytes) throw invalidImage(setting, `is larger than ${maxBytes} bytes.`);
    const mediaType = identify(headOf(data));
    if (mediaType === undefined) throw invalidImage(setting, "is not an image.");
    if (mediaType !== "image/svg+xml") return accept({ data, mediaType, setting });

    const { rasteriseSvg } = await import("./rasterise-svg.ts");
    const png = await svgSlots.run(() => rasteriseSvg(decodeBase64(data), { setting, signal }), signal);
    return accept({ data: png, mediaType: "image/png", setting });
  }

  function accept({ data, mediaType, setting }: Identified): ReadImage {
    const accepted = accepts.find((known) => known === mediaType);
    if (accepted === undefined) {
      throw unsupportedImage(setting, `is ${mediaType}, which cannot be used; send ${accepts.join(" or ")}.`);
    }
    // A JPEG may have its size behind a long profile or preview.
    const size = imageSize(headOf(data), accepted) ?? imageSize(decodeBase64(data), accepted);
    if (size === undefined) throw invalidImage(setting, `is not a complete ${accepted}.`);
    const { width, height } = size;
    if (width * height > maxPixels) {
      throw invalidImage(setting, `has ${width} × ${height} pixels, which is more than ${maxPixels}.`);
    }
    return { mediaType: accepted, data };
  }

  return {
    async read(source, { setting, signal } = {}) {
      const [image] = await readAll([{ source, setting }], { signal });
      // One image is asked for, and one comes.
      return image as ReadImage;
    },
    readAll,
  };
}

interface RequestContext {
  readonly fetchImage: FetchForRequest;
  readonly signal: AbortSignal;
}

interface Identified {
  readonly data: string;
  readonly mediaType: string;
  readonly setting: string | undefined;
}

function isUrl({ source }: ImageSource): boolean {
  return /^https?:/i.test(source);
}

function headOf(data: string): Uint8Array {
  return decodeBase64(data.slice(0, HEAD_CHARACTERS));
}

async function refuseUrl({ setting }: ImageSource): Promise<string> {
  const instead = "Send the image itself as a data URL, or have URLs allowed";
  const how = "the image reader's option `remote`, the proxy's flag --image-urls";
  throw invalidImage(setting, `is a URL, and URLs are not fetched here. ${instead}: ${how}.`);
}
