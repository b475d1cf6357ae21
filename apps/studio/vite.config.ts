/** Builds the page as ONE file: script and style stand in it, and its own policy lets nothing else run or load. */
import { createHash } from "node:crypto";
import { defineConfig, type Plugin } from "vite";

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

// What a page opened from disk must say for itself. WebAssembly is what the playground compiles and runs.
function policy(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf(script)} 'wasm-unsafe-eval'`,
    `style-src ${hashOf(style)}`,
    "img-src data: blob:",
    "worker-src blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function oneFile(): Plugin {
  return {
    name: "one-file",
    enforce: "post",
    generateBundle(_, bundle) {
      let script = "";
      let style = "";
      for (const [name, part] of Object.entries(bundle)) {
        if (part.type === "chunk") script += part.code.trim().replaceAll("</script", "<\\/script");
        else if (name.endsWith(".css")) style += String(part.source).trim();
        else continue;
        delete bundle[name];
      }
      const page = bundle["studio.html"];
      if (page?.type !== "asset") throw new Error("the build made no studio.html");
      const [head = "", body = ""] = String(page.source)
        .replaceAll(/<script[^>]*src=[^>]*><\/script>\s*|<link[^>]*rel="stylesheet"[^>]*>\s*/g, "")
        .split("</head>");
      page.source = [
        head.replace(
          "<meta charset",
          () => `<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">\n<meta charset`,
        ),
        `<style>${style}</style>\n</head>`,
        body.replace("</body>", () => `<script type="module">${script}</script>\n</body>`),
      ].join("");
    },
  };
}

export default defineConfig({
  plugins: [oneFile()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "iife" },
  build: {
    target: "es2023",
    emptyOutDir: false,
    modulePreload: false,
    cssCodeSplit: false,
    assetsInlineLimit: 1 << 30,
    rolldownOptions: { input: "studio.html", output: { codeSplitting: false } },
  },
});
