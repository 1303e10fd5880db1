import { posix } from "node:path";
import type { MarkdownRenderer } from "vitepress";

const REPOSITORY = "https://github.com/llamaduct/llamaduct/blob/main/";

/** Pages are read on GitHub, too: what they link to outside of this folder, or is no page, is shown there. */
export function linkOutside(md: MarkdownRenderer): void {
  md.core.ruler.push("link-outside", ({ tokens, env }) => {
    const folder = posix.dirname(posix.join("docs", env.relativePath));
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === "link_open" ? token.attrGet("href") : null;
      if (href === null || /^([a-z]+:|#)/.test(href)) continue;
      const path = posix.join(folder, href);
      if (!/^docs\/.*\.md(#.*)?$/.test(path)) token.attrSet("href", REPOSITORY + path);
    }
  });
}
