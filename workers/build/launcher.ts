/**
 * The program that a job definition's command names, `/opt/batch-processing/<name>`. It is also the entry point of the
 * image, so that `docker run IMAGE --help` works; AWS Batch then hands over a command that begins with its path.
 */
export function launcher(name: string): string {
  return `#!/usr/bin/env node
if (process.argv[2] === "/opt/batch-processing/${name}") process.argv.splice(2, 1);
await import("./${name}.js");
`;
}
