import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@cdktn/hcl2json";
import type { Json } from "../documents.ts";
import type { Block, Resource } from "./declarations.ts";

/** Arguments that Terraform itself knows in every resource. */
const metaArguments = new Set(["count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"]);

/** What a provider would refuse in a module: arguments it does not have, required ones that are missing, unknown attributes. */
export async function moduleProblems(
  folder: string,
  resources: ReadonlyMap<string, Resource>,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".tf"))) {
    const text = readFileSync(join(folder, file), "utf8");
    const { resource = {} } = (await parse(file, text)) as Json;
    for (const [type, instances] of Object.entries<Json>(resource)) {
      const known = resources.get(type);
      if (known === undefined) problems.push(`${type} is not among the resources whose arguments are known`);
      else
        for (const [name, [body]] of Object.entries<Json>(instances))
          problems.push(...blockProblems(`${type}.${name}`, body, known));
    }
    for (const [reference, type = "", attribute = ""] of text.matchAll(/\b(aws_\w+)\.\w+(?:\[[^\]]*\])?\.(\w+)/g)) {
      if (resources.get(type)?.attributes.has(attribute) !== true)
        problems.push(`${reference} is not there to be read`);
    }
  }
  return problems.sort();
}

function blockProblems(path: string, body: Json, known: Block): string[] {
  const { dynamic = {}, ...direct } = body;
  const generated = Object.entries<Json>(dynamic).map(([name, [{ content }]]) => [name, content] as const);
  const used = [...Object.entries<Json>(direct).filter(([name]) => !metaArguments.has(name)), ...generated];
  const names = new Set(used.map(([name]) => name));
  const missing = [...known.arguments].filter(([name, { required }]) => required && !names.has(name));
  return [
    ...missing.map(([name]) => `${path} lacks ${name}`),
    ...used.flatMap(([name, value]) => {
      const argument = known.arguments.get(name);
      if (argument === undefined) return [`${path} has ${name}, which does not exist`];
      if (argument.block === undefined) return [];
      const { block } = argument;
      return [value].flat().flatMap((inner: Json) => blockProblems(`${path}.${name}`, inner, block));
    }),
  ];
}
