import { execFileSync } from "node:child_process";
import { toOllama } from "../ask.ts";
import type { Peer, Setting } from "./peer.ts";

/** The distribution's, one worker: what passing bytes on costs where no JavaScript runs. It converts nothing. */
export const nginx: Peer = {
  name: "nginx",
  version: installedVersion(),
  command: ({ upstream, port, directory, write }) => ({
    program: "nginx",
    args: ["-c", write("nginx.conf", toConfig({ upstream, port, directory })), "-g", "daemon off;"],
  }),
  toRequest: toOllama,
};

function toConfig({ upstream, port, directory }: Omit<Setting, "folder" | "write">): string {
  return `
    ${process.getuid?.() === 0 ? "user root;" : ""}
    worker_processes 1;
    pid ${directory}/nginx.pid;
    error_log stderr;
    worker_rlimit_nofile 16384;
    events { worker_connections 8192; }
    http {
      access_log off;
      keepalive_requests 1000000;
      client_max_body_size 0;
      client_body_buffer_size 32m;
      upstream ollama { server ${new URL(upstream).host}; keepalive 1024; keepalive_requests 1000000; }
      server {
        listen 127.0.0.1:${port} backlog=4096;
        location / {
          proxy_pass http://ollama;
          proxy_http_version 1.1;
          proxy_set_header connection "";
          proxy_buffering off;
        }
      }
    }`;
}

function installedVersion(): string | undefined {
  try {
    // It writes to stderr.
    return /nginx\/([\d.]+)/.exec(execFileSync("sh", ["-c", "nginx -v 2>&1"]).toString())?.[1];
  } catch {
    return undefined;
  }
}
