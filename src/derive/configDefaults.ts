import { workers } from "../shared/contract.ts";

/**
 * The config's schema, in which each key that sets a setting of the workers has the default, minimum and maximum of that
 * setting. The file is published for editors and has to contain them; their source is the contract of the workers.
 * Only these numbers change; everything else stays as written.
 */
export function withContractDefaults(configSchema: string): string {
  const settings = workers.flatMap((worker) => worker.settings);
  return settings.reduce((text, { job_definition, ...setting }) => {
    if (job_definition?.config === undefined) return text;
    const key = job_definition.config;
    return (["default", "minimum", "maximum"] as const).reduce((schema, keyword) => {
      const number = setting[keyword];
      return number === undefined ? schema : withNumber(schema, key, keyword, Number(number));
    }, text);
  }, configSchema);
}

function withNumber(schema: string, key: string, keyword: string, number: number): string {
  const place = new RegExp(`^(    "${key}": \\{[^}]*?"${keyword}": )\\d+`, "m");
  if (!place.test(schema))
    throw new Error(`schemas/config.schema.json: ${key} has no ${keyword}, but the contract has one`);
  return schema.replace(place, (_, before: string) => `${before}${number}`);
}
