import { createRequire, isBuiltin } from "node:module";
import { pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";

const namespace = "names-of-common-js";

/**
 * In a bundle of several parts, esbuild gives `await import("a-commonjs-package")` a default export alone, while Node.js
 * finds its names as well: they would be undefined in the bundle only. This puts a module in between that exports the
 * names which Node.js finds, for packages that our own code loads when it needs them.
 */
export const namesOfCommonJs: Plugin = {
  name: namespace,
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, importer, kind, resolveDir }) => {
      if (kind !== "dynamic-import" || isBuiltin(path) || /[\\/]node_modules[\\/]/.test(importer)) return undefined;
      const { path: bundled } = await resolve(path, { kind: "import-statement", importer, resolveDir });
      // Another file than the one for require() is the package's ES module, which has its names.
      if (bundled !== pathForRequire(path, importer)) return undefined;
      return { path, namespace, pluginData: { bundled, resolveDir } };
    });
    onLoad({ filter: /.*/, namespace }, async ({ path, pluginData: { bundled, resolveDir } }) => {
      const names = Object.keys(await import(pathToFileURL(bundled).href)).filter(isPlainName);
      return { contents: `export { ${names.join(", ")} } from ${JSON.stringify(path)};`, resolveDir };
    });
  },
};

function pathForRequire(path: string, importer: string): string | undefined {
  try {
    return createRequire(importer).resolve(path);
  } catch {
    return undefined;
  }
}

/** Newer releases of Node.js add "module.exports". */
function isPlainName(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== "__esModule";
}
