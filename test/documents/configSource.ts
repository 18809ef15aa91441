import type { ConfigSource } from "../../src/model/configSource.ts";

const start = { file: "config", position: { line: 1, column: 1 } };

/** A config with the prefix gss-dev, as it is read from a file. */
export function configSource(config: Readonly<Record<string, unknown>> = {}): ConfigSource {
  return {
    value: { prefix: "gss-dev", ...config },
    locate: () => start,
    locateKey: () => start,
    wrote: () => false,
  };
}
