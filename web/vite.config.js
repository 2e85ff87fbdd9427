import { defineConfig } from "vite";

// Everything a page loads is a file of ours with its hash in its name: no inlined data: URLs,
// which the Content-Security-Policy forbids.
export default defineConfig({
  base: "/static/dist/",
  publicDir: "node_modules/.base/public",
  worker: { format: "es" },
  build: {
    outDir: "../src/triplehelix/serve/static/dist",
    emptyOutDir: true,
    assetsDir: "",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: "manifest.json",
    chunkSizeWarningLimit: 1500,
    rollupOptions: { input: ["src/main.ts", "src/fonts.ts"] },
  },
});
