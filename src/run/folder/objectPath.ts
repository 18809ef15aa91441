/** The prefix of keys below which the state machine writes the output of a run. */
export const outputPrefix = "run-output/";

/**
 * The file for an object of a run: anything below the prefix, as a key or as s3://BUCKET/KEY, is in the output folder. Every
 * other text is returned as it is: the input and the schema are files already.
 */
export function objectPath(text: string, output: string): string {
  const key = text.replace(/^s3:\/\/[a-z0-9.-]+\//, "");
  return key.startsWith(outputPrefix) ? `${output.replace(/\/+$/, "")}/${key.slice(outputPrefix.length)}` : text;
}

/**
 * A message with the path of the output folder in place of the prefix of objects, and with the path of a log file in place
 * of a log group.
 */
export function withObjectPaths(text: string, output: string): string {
  const folder = output.replace(/\/+$/, "");
  return text
    .replaceAll(/(?:s3:\/\/[a-z0-9.-]+\/)?run-output\//g, () => `${folder}/`)
    .replaceAll(/\bThe log(?: of job ([\w.-]+))? in [\w/.#-]+ says\b/g, (_, job: string | undefined) => {
      return `The log ${folder}/logs/${job ?? "validate"}.log says`;
    });
}
