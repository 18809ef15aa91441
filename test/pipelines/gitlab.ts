import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";

interface Header {
  readonly spec: { readonly inputs: Readonly<Record<string, { readonly default: string }>> };
}

export interface Job {
  readonly image: string;
  readonly script: readonly string[];
}

/** The jobs that GitLab makes of the template: its second document, with these inputs and the defaults of the others. */
export function gitlabJobs(inputs: Readonly<Record<string, string>> = {}): Readonly<Record<string, Job>> {
  const template = readFileSync(".gitlab/gen-batch-config.gitlab-ci.yml", "utf8");
  const [header, jobs] = parseAllDocuments(template).map((document) => document.toJS());
  const { spec } = header as Header;
  // Inside a string of JSON, as everything in the template is by now.
  const value = (name: string) => JSON.stringify(inputs[name] ?? spec.inputs[name]?.default ?? "").slice(1, -1);
  return JSON.parse(JSON.stringify(jobs).replace(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name) => value(name)));
}
