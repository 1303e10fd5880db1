import DefaultTheme from "vitepress/theme";
import "./style.css";

// biome-ignore lint/style/noDefaultExport: VitePress wants one.
export default DefaultTheme;
