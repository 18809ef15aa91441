import type { Plugin } from "esbuild";

/**
 * pino can write its lines from a thread of its own, which it starts from a file beside its code: a bundle has no such
 * file, and we write to standard output alone. In its place stands a function that says so.
 */
export const withoutTransports: Plugin = {
  name: "without-transports",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /(?:^|\/)transport$/ }, ({ path, importer }) =>
      /[\\/]node_modules[\\/]pino[\\/]/.test(importer) ? { path, namespace: "no-transports" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "no-transports" }, () => ({
      contents: 'module.exports = () => { throw new Error("the bundled pino has no transports"); };',
    }));
  },
};
