import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a resource, or a block in it, takes. */
export interface Block {
  readonly arguments: ReadonlyMap<string, Argument>;
}

export interface Argument {
  readonly required: boolean;
  /** Set when it is a block of its own. */
  readonly block?: Block;
}

export interface Resource extends Block {
  /** Names of what can be read from the resource. */
  readonly attributes: ReadonlySet<string>;
}

/**
 * The arguments of a resource type, as the declarations generated from a provider's schema tell them: an interface for
 * each block, a property for each argument, `?` where it is optional, and its Terraform name in a link above it.
 */
export function readResource(folder: string, resource: string): Resource {
  const text = readFileSync(join(folder, resource, "index.d.ts"), "utf8");
  const interfaces = new Map(
    [...text.matchAll(/^export interface (\w+)(?: extends [\w.]+)? \{\n(.*?)^\}/gms)].map(
      ([, name = "", body = ""]) => [name, body],
    ),
  );
  const root = [...interfaces.keys()].find(
    (name) => text.includes(`config: ${name}`) || text.includes(`config?: ${name}`),
  );
  if (root === undefined) throw new Error(`${resource}: no interface for its configuration`);
  const attributes = [...text.slice(text.indexOf("extends cdktn.TerraformResource")).matchAll(/^ {4}get (\w+)\(\)/gm)];
  return { ...readBlock(root, interfaces), attributes: new Set(attributes.map(([, name = ""]) => snakeCase(name))) };
}

function readBlock(name: string, interfaces: ReadonlyMap<string, string>): Block {
  const members = /#(\w+) \w+#\1\}(?:(?!\*\/).)*\*\/\s+readonly \w+(\??): ([^;{]+|\{.*?\});/gs;
  const body = interfaces.get(name) ?? "";
  const found = [...body.matchAll(members)].map(([, argument = "", optional, type = ""]): [string, Argument] => {
    const inner = /^\w+/.exec(type)?.[0] ?? "";
    const block = interfaces.has(inner) ? readBlock(inner, interfaces) : undefined;
    return [argument, { required: optional === "", ...(block === undefined ? {} : { block }) }];
  });
  const declared = [...body.matchAll(/^ {4}readonly /gm)].length;
  if (declared === 0 || declared !== found.length)
    throw new Error(`${name}: ${found.length} of ${declared} arguments were understood`);
  return { arguments: new Map(found) };
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/([a-z])(\d)/g, "$1$2");
}
