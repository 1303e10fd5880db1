import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { CommandLine } from "../cli/command-line.ts";
import { StartError } from "../cli/start-error.ts";
import type { AppOptions } from "../http/create-app.ts";

/** The certificates and their key, checked; `undefined` when nobody asked for TLS. Throws a `StartError`. */
export async function readTls(options: CommandLine): Promise<AppOptions["tls"]> {
  const { sslCertfilePath, sslKeyfilePath, ciphers } = options;
  if (sslCertfilePath === undefined && sslKeyfilePath === undefined) return undefined;
  if (sslCertfilePath === undefined || sslKeyfilePath === undefined)
    throw new StartError("TLS needs both --ssl-certfile-path and --ssl-keyfile-path.");
  const [cert, key] = await Promise.all([read(sslCertfilePath), read(sslKeyfilePath)]);
  const tls = { cert, key, ...(ciphers !== undefined && { ciphers }) };
  try {
    createSecureContext(tls);
  } catch (error) {
    throw new StartError(`TLS does not work with these files: ${(error as Error).message}.`);
  }
  return tls;
}

async function read(path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new StartError(`${path} cannot be read: ${error.code}.`);
  });
}
