/** Where the state machine puts the output of a run, as the prefix of keys. */
export const outputPrefix = "run-output/";

/**
 * The file that stands for an object in a run: what is below the prefix, as a key or as s3://BUCKET/KEY, lies in the output
 * folder. Every other text stays as it is: the input and the schema are files already.
 */
export function objectPath(text: string, output: string): string {
  const key = text.replace(/^s3:\/\/[a-z0-9.-]+\//, "");
  return key.startsWith(outputPrefix) ? `${output.replace(/\/+$/, "")}/${key.slice(outputPrefix.length)}` : text;
}

/**
 * Texts with the path of the output folder wherever they name an object in it, and the file that is the log here of what on
 * AWS logs to a log group: for messages.
 */
export function withObjectPaths(text: string, output: string): string {
  const folder = output.replace(/\/+$/, "");
  return text
    .replaceAll(/(?:s3:\/\/[a-z0-9.-]+\/)?run-output\//g, () => `${folder}/`)
    .replaceAll(/\bThe log(?: of job ([\w.-]+))? in [\w/.#-]+ says\b/g, (_, job: string | undefined) => {
      return `The log ${folder}/logs/${job ?? "validate"}.log says`;
    });
}
