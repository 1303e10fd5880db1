import { existsSync, readdirSync, readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, extname, join, sep } from "node:path";
import { gzipSync } from "node:zlib";

/** One file of the page, ready to be sent. */
export interface PageFile {
  /** `/` for the page itself. */
  readonly url: string;
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Nothing from elsewhere, nothing inline: what a model writes cannot become a script, nor be sent away. */
const SAFETY = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** Where this package's build puts the page, also when it runs from its sources. */
export function builtPage(): string {
  // The nearest package.json of a file in a package is there.
  return join(dirname(findPackageJSON(import.meta.url) as string), "dist", "page");
}

/** Reads them all at once: they are few and small. None where nothing was built, as in a fresh checkout. */
export function readPageFiles(folder: string): readonly PageFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const name = path.slice(folder.length).split(sep).filter(Boolean).join("/");
      const bytes = readFileSync(path);
      return {
        url: name === "index.html" ? "/" : `/${name}`,
        bytes,
        gzipped: gzipSync(bytes),
        headers: toHeaders(name),
      };
    });
}

function toHeaders(name: string): PageFile["headers"] {
  const type = CONTENT_TYPES[extname(name)];
  if (type === undefined) throw new Error(`The page has a file of a kind that it is not to have: ${name}.`);
  // Names under assets/ hold a hash of what is in the file.
  const caching = name.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache";
  return { ...SAFETY, "content-type": type, "cache-control": caching, vary: "accept-encoding" };
}
