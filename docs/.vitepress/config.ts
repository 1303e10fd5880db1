import { type DefaultTheme, defineConfig } from "vitepress";
import { linkOutside } from "./link-outside.ts";

const sidebar: DefaultTheme.SidebarItem[] = [
  {
    text: "Start",
    items: [
      { text: "Quick start", link: "/quick-start" },
      { text: "Moving from LiteLLM", link: "/from-litellm" },
      { text: "Configuration", link: "/configuration" },
    ],
  },
  {
    text: "Clients",
    items: [
      { text: "curl", link: "/clients/curl" },
      { text: "openai, Node.js", link: "/clients/openai-node" },
      { text: "openai, Python", link: "/clients/openai-python" },
      { text: "Open WebUI", link: "/clients/open-webui" },
      { text: "LangChain", link: "/clients/langchain" },
      { text: "AI SDK", link: "/clients/ai-sdk" },
      { text: "Continue", link: "/clients/continue" },
      { text: "Codex", link: "/clients/codex" },
    ],
  },
  {
    text: "What models do",
    items: [
      { text: "Tools", link: "/tools" },
      { text: "Structured output", link: "/structured-output" },
      { text: "Fill in the middle", link: "/fill-in-the-middle" },
      { text: "Vision", link: "/vision" },
      { text: "Embeddings", link: "/embeddings" },
      { text: "Thinking", link: "/thinking" },
    ],
  },
  {
    text: "Running it",
    items: [
      { text: "Several hosts", link: "/routing" },
      { text: "Operations", link: "/operations" },
      { text: "Keys and limits", link: "/keys" },
      { text: "Docker", link: "/deploy/docker" },
      { text: "Metrics", link: "/deploy/metrics" },
      { text: "Errors", link: "/errors" },
      { text: "Reliability", link: "/reliability" },
      { text: "Threat model", link: "/threat-model" },
      { text: "Known Ollama bugs", link: "/known-ollama-bugs" },
    ],
  },
  {
    text: "In your program",
    items: [
      { text: "As a library", link: "/library" },
      { text: "Writing a provider", link: "/writing-a-provider" },
      { text: "The contract", link: "/spec" },
    ],
  },
  {
    text: "Reference",
    items: [
      { text: "Keys of config.yaml", link: "/reference/config" },
      { text: "Command line", link: "/reference/command-line" },
      { text: "Compared with LiteLLM", link: "/litellm-comparison" },
      { text: "Decisions", link: "/decisions/" },
    ],
  },
];

/** Their tables need the room of the outline. */
const WIDE = [
  "deploy/docker.md",
  "deploy/metrics.md",
  "errors.md",
  "reliability.md",
  "threat-model.md",
  "known-ollama-bugs.md",
  "litellm-comparison.md",
];

// biome-ignore lint/style/noDefaultExport: VitePress wants one.
export default defineConfig({
  title: "Llamaduct",
  description: "Ollama, and other providers, behind the OpenAI API",
  srcExclude: ["dist/**"],
  cacheDir: "node_modules/.vitepress",
  cleanUrls: true,
  rewrites: { "decisions/README.md": "decisions/index.md" },
  head: [["link", { rel: "icon", href: "data:," }]],
  markdown: { config: (md) => linkOutside(md) },
  transformPageData: ({ relativePath }) => (WIDE.includes(relativePath) ? { frontmatter: { aside: false } } : {}),
  themeConfig: {
    sidebar,
    outline: { level: [2, 3] },
    search: {
      provider: "local",
      options: {
        // What to do stands before why it is so.
        miniSearch: { searchOptions: { boostDocument: (path) => (path.includes("/decisions/") ? 0.3 : 1) } },
      },
    },
    socialLinks: [{ icon: "github", link: "https://github.com/llamaduct/llamaduct" }],
  },
});
