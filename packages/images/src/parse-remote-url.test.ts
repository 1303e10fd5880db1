import { describe, expect, it } from "vitest";
import { parseRemoteUrl } from "./parse-remote-url.ts";

const strict = { allowHttp: false, ports: [] };
const open = { allowHttp: true, ports: [8443] };

describe("parseRemoteUrl", () => {
  it.each([
    ["https://images.example/a.png?b#c", "https://images.example/a.png?b#c"],
    ["https://images.example:443/", "https://images.example/"],
    ["https://images.example./", "https://images.example/"],
    ["https://images.example.../", "https://images.example/"],
    // The check sees what the connection will use, whatever was written.
    ["https://2130706433/", "https://127.0.0.1/"],
    ["https://0x7f.1/", "https://127.0.0.1/"],
    ["https://0177.0.0.1/", "https://127.0.0.1/"],
    ["https://127.1/", "https://127.0.0.1/"],
    ["https://①②⑦.⓪.⓪.①/", "https://127.0.0.1/"],
    ["https://%31%32%37.0.0.1/", "https://127.0.0.1/"],
    ["https://example.com\\@127.0.0.1/", "https://example.com/@127.0.0.1/"],
    ["https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/"],
  ])("%s is %s", (text, href) => {
    expect(parseRemoteUrl(text, strict).href).toBe(href);
  });

  it.each([
    ["http://images.example/", "The URL's scheme is not allowed."],
    ["file:///etc/passwd", "The URL's scheme is not allowed."],
    ["ftp://images.example/", "The URL's scheme is not allowed."],
    ["data:image/png;base64,AAAA", "The URL's scheme is not allowed."],
    ["https://user@images.example/", "The URL has a user name or a password."],
    ["https://:password@images.example/", "The URL has a user name or a password."],
    ["https://example.com%2f@127.0.0.1/", "The URL has a user name or a password."],
    ["https://images.example:80/", "The URL's port is not allowed."],
    ["https://images.example:22/", "The URL's port is not allowed."],
    ["https://images.example:8443/", "The URL's port is not allowed."],
    ["https://./", "The URL has no host."],
    ["https://", "The URL is not valid."],
    ["/a.png", "The URL is not valid."],
  ])("refuses %s", (text, message) => {
    expect(() => parseRemoteUrl(text, strict)).toThrow(message);
  });

  it("allows http and ports that are listed", () => {
    for (const text of ["http://images.example/", "http://images.example:8443/", "https://images.example:8443/"]) {
      expect(parseRemoteUrl(text, open).href).toBe(text);
    }
    expect(() => parseRemoteUrl("http://images.example:443/", open)).toThrow("port");
  });

  it("resolves a redirect against its page, and never goes from https to http", () => {
    const base = new URL("https://images.example/a/b");
    expect(parseRemoteUrl("../c", { ...open, base }).href).toBe("https://images.example/c");
    expect(parseRemoteUrl("//other.example/c", { ...open, base }).href).toBe("https://other.example/c");
    expect(() => parseRemoteUrl("http://images.example/c", { ...open, base })).toThrow("scheme");
    const page = new URL("http://images.example/a");
    expect(parseRemoteUrl("http://images.example/c", { ...open, base: page }).href).toBe("http://images.example/c");
  });
});
