// index.d.ts
/** Limits on fetching images. `{}` allows it with the defaults. */
interface RemoteImageOptions {
    /** Also `http:` URLs. Default `false`. A redirect from `https:` to `http:` is never followed. */
    readonly allowHttp?: boolean | undefined;
    /** Ports besides 443 for `https:` and 80 for `http:`. Default none. */
    readonly ports?: readonly number[] | undefined;
    /** Name lookup, TCP and TLS together. Default 2000. */
    readonly connectTimeoutMs?: number | undefined;
    /** Until a response's headers are there, for each redirect anew. Default 3000. */
    readonly headersTimeoutMs?: number | undefined;
    /** For one image, redirects and waiting for a turn included. Default 8000. */
    readonly totalTimeoutMs?: number | undefined;
    /** Of one image. Default 5 MiB. */
    readonly maxBytes?: number | undefined;
    /** Image URLs in one request. Default 8. */
    readonly maxImages?: number | undefined;
    /** All fetched images of one request together. Default 20 MiB. */
    readonly maxTotalBytes?: number | undefined;
    /** Fetches of this reader at a time; more wait. Default 16. */
    readonly maxConcurrent?: number | undefined;
}

type ImageMediaType = "image/png" | "image/jpeg" | "image/webp" | "image/gif";
/** An image as the contract takes it: base64 without a prefix, standard alphabet, padded; and what it is by its bytes. */
interface ReadImage {
    readonly mediaType: ImageMediaType;
    readonly data: string;
}
interface ImageReaderOptions {
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
interface ImageSource {
    readonly source: string;
    /** The field to name in errors, e.g. `messages.0.content.1.image_url`. */
    readonly setting?: string | undefined;
}
interface ImageReader {
    /** One image. Throws a `ProviderError`, `unsupported` for a format by its name and else `invalid_value`, or `signal.reason`. */
    read(source: string, options?: {
        readonly setting?: string | undefined;
        readonly signal?: AbortSignal | undefined;
    }): Promise<ReadImage>;
    /** The images of one request, in order: limits for a request count over them, and the first failure ends the others. */
    readAll(sources: readonly ImageSource[], options?: {
        readonly signal?: AbortSignal | undefined;
    }): Promise<readonly ReadImage[]>;
}
/** A reader holds no images, but connections, and the limits on how much runs at a time: make one and keep it. */
declare function createImageReader(options?: ImageReaderOptions): ImageReader;

export { createImageReader };
export type { ImageMediaType, ImageReader, ImageReaderOptions, ImageSource, ReadImage, RemoteImageOptions };
