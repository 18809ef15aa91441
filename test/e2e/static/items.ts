import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { boundDocument, type Json } from "../documents.ts";
import { placeholderSamples } from "../generate.ts";
import { repositoryRoot } from "../parts/paths.ts";

/** The documents by name, their placeholders bound: what the module takes as `items`. */
export type Items = Readonly<Record<string, Json>>;

export function readItems(generated: string): Items {
  const values = { ...placeholderSamples(), KMS_KEY: "arn:aws:kms:eu-central-1:000000000000:key/00000000", MAX_VCPUS: 512 };
  const names = readdirSync(join(generated, "batch-json")).map((file) => file.replace(/\.json$/, ""));
  return Object.fromEntries(names.map((name) => [name, boundDocument(generated, name, values)]));
}

/** The documents with the keys added that a rule refuses, but that a schema has and the module therefore has to pass on. */
export function withRefusedKeys(items: Items): Items {
  const changed: Json = structuredClone(items);
  const role = "arn:aws:iam::000000000000:role/gss-dev-scm-batch-processor-batch-role";
  changed["compute-environment"].service_role = role;
  changed["compute-environment"].fallback.service_role = role;
  Object.assign(changed["batch-validation-job"].container_properties, {
    network_configuration: { assign_public_ip: "DISABLED" },
    fargate_platform_configuration: { platform_version: "LATEST" },
    ephemeral_storage: { size_in_gib: 21 },
  });
  const template = changed["launch-template"];
  template.network_interfaces[0].subnet_id = "subnet-0123456789abcdef0";
  Object.assign(template, {
    vpc_security_group_ids: ["sg-0123456789abcdef0"],
    instance_type: "c6i.4xlarge",
    iam_instance_profile: { name: "gss-dev-batch", arn: "arn:aws:iam::000000000000:instance-profile/gss-dev-batch" },
    instance_market_options: {
      market_type: "spot",
      spot_options: { max_price: "0.5", spot_instance_type: "one-time", instance_interruption_behavior: "terminate" },
    },
  });
  return changed;
}

/** Documents that are wrong in a way for every check to find. */
export function withFaults(items: Items): Items {
  const changed: Json = structuredClone(items);
  const job = changed["batch-processing-job"];
  job.container_properties.privileged = true;
  job.container_properties.linux_parameters.shared_memory_size = "64 MiB";
  job.timeout.attempt_duration_seconds = 0;
  const template = changed["launch-template"];
  template.metadata_options = { http_endpoint: "enabled", http_tokens: "optional", http_put_response_hop_limit: 2 };
  template.network_interfaces = [{ associate_public_ip_address: true }];
  changed["compute-environment"].type = "HALF-MANAGED";
  changed["log-groups"].processing.retention_in_days = 31;
  return changed;
}

/** Keys of the documents' schemas that no document here uses. */
export function unusedKeys(items: Items): readonly string[] {
  const schemaOf = (name: string): Json => {
    const file = `${name.replace(/^batch-(validation|processing)-job$/, "job-definition")}.schema.json`;
    return JSON.parse(readFileSync(join(repositoryRoot, "schemas", file), "utf8"));
  };
  const used = new Set<string>();
  const known = new Set<string>();
  for (const [name, document] of Object.entries(items)) {
    const root = schemaOf(name);
    collectKnown(root, root, root.title, known);
    collectUsed(document, root, root, root.title, used);
  }
  return [...known].filter((key) => !used.has(key)).sort();
}

function collectKnown(node: Json, root: Json, path: string, into: Set<string>): void {
  const schema = resolved(node, root);
  for (const [key, property] of Object.entries<Json>(schema.properties ?? {})) {
    into.add(`${path}.${key}`);
    collectKnown(property, root, `${path}.${key}`, into);
  }
  if (schema.items) collectKnown(schema.items, root, path, into);
  if (schema.additionalProperties?.$ref) collectKnown(schema.additionalProperties, root, path, into);
}

function collectUsed(value: Json, node: Json, root: Json, path: string, into: Set<string>): void {
  const schema = resolved(node, root);
  if (Array.isArray(value)) for (const item of value) collectUsed(item, schema.items, root, path, into);
  else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries<Json>(value)) {
      const property = schema.properties?.[key];
      if (property) into.add(`${path}.${key}`);
      if (property) collectUsed(item, property, root, `${path}.${key}`, into);
      else if (schema.additionalProperties?.$ref) collectUsed(item, schema.additionalProperties, root, path, into);
    }
  }
}

function resolved(node: Json, root: Json): Json {
  return node.$ref ? root.$defs[node.$ref.replace("#/$defs/", "")] : node;
}
