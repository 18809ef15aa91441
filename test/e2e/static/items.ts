import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { companionNames, documentsOf } from "../../../src/model/units.ts";
import { boundDocument, type Json } from "../documents.ts";
import { placeholderSamples } from "../generate.ts";
import { repositoryRoot } from "../parts/paths.ts";

/** The documents by name, their placeholders bound: what the module takes as `items`. */
export type Items = Readonly<Record<string, Json>>;

export function readItems(generated: string): Items {
  const names = readdirSync(join(generated, "batch-json")).map((file) => file.replace(/\.json$/, ""));
  return bound(generated, names);
}

/** The documents of the units beside the batch unit. */
export function readCompanions(generated: string): Items {
  return bound(generated, companionNames.flatMap(documentsOf));
}

function bound(generated: string, names: readonly string[]): Items {
  const values = {
    ...placeholderSamples(),
    KMS_KEY: "arn:aws:kms:eu-central-1:000000000000:key/00000000-1111-2222-3333-444444444444",
    MAX_VCPUS: 512,
  };
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
  template.placement.availability_zone = "eu-central-1a";
  template.network_interfaces[0].subnet_id = "subnet-0123456789abcdef0";
  Object.assign(template, {
    vpc_security_group_ids: ["sg-0123456789abcdef0"],
    instance_type: "c6i.4xlarge",
    iam_instance_profile: { arn: "arn:aws:iam::000000000000:instance-profile/gss-dev-batch" },
    instance_market_options: {
      market_type: "spot",
      spot_options: { max_price: "0.5", spot_instance_type: "one-time", instance_interruption_behavior: "terminate" },
    },
  });
  return changed;
}

/** The same for the companions. */
export function withRefusedCompanionKeys(items: Items): Items {
  const changed: Json = structuredClone(items);
  const rule = { description: "Brokers", protocol: "tcp", from_port: 9098, to_port: 9098 };
  changed["security-groups"].brokers.ingress = [
    {
      ...rule,
      cidr_blocks: ["10.0.0.0/16"],
      ipv6_cidr_blocks: ["fd00::/8"],
      prefix_list_ids: ["pl-0123456789abcdef0"],
    },
    { ...rule, security_groups: ["sg-0123456789abcdef0"], from_port: 9096, to_port: 9096 },
    { ...rule, self: true, from_port: 9094, to_port: 9094 },
  ];
  changed["iam-roles"].auditor.inline_policies.read.Statement.push({
    Sid: "AllBut",
    Effect: "Allow",
    NotAction: ["iam:PassRole"],
    NotResource: ["arn:aws:s3:::every-option-secrets/*"],
  });
  Object.assign(changed["lambda-function"].package, { s3_object_version: "3sL4kqtJlcpXroDTDmJ" });
  return changed;
}

/** Documents of the companions that AWS does not take, a mistake in each kind. */
export function withCompanionMistakes(items: Items): Items {
  const changed: Json = structuredClone(items);
  changed["step-function-definition"].States.Validate.Type = "Tusk";
  changed["lambda-function"].runtime = "nodejs8.10";
  changed["state-machine-settings"].log_level = "Perhaps";
  const [statement] = changed["iam-roles"]["scm-batch-processor-batch-job-role"].inline_policies.workers.Statement;
  statement.Effects = "Allow";
  delete statement.Effect;
  changed.alarms["failed-jobs"].statistic = "Summed";
  return changed;
}

/** Documents that AWS takes and nobody should want. */
export function withCarelessness(items: Items): Items {
  const changed: Json = structuredClone(items);
  changed["batch-processing-job"].container_properties.privileged = true;
  const template = changed["launch-template"];
  template.metadata_options = { http_endpoint: "enabled", http_tokens: "optional", http_put_response_hop_limit: 2 };
  template.network_interfaces = [{ associate_public_ip_address: true }];
  changed["log-groups"].processing.retention_in_days = 7;
  return changed;
}

/** Documents that AWS does not take. */
export function withMistakes(items: Items): Items {
  const changed: Json = structuredClone(items);
  changed["compute-environment"].type = "HALF-MANAGED";
  changed["log-groups"].processing.retention_in_days = 31;
  changed["batch-processing-job"].container_properties.linux_parameters.shared_memory = 64;
  return changed;
}

/** Keys of the documents' schemas that no document here uses, each with the part of the document that it belongs to. */
export function unusedKeys(items: Items): readonly string[] {
  const used = new Set<string>();
  const known = new Set<string>();
  for (const [name, document] of Object.entries(items)) {
    const file = `${name.replace(/^batch-(validation|processing)-job$/, "job-definition")}.schema.json`;
    const root: Json = JSON.parse(readFileSync(join(repositoryRoot, "schemas", file), "utf8"));
    const resolve = (node: Json): Json => (node.$ref ? root.$defs[node.$ref.replace("#/$defs/", "")] : node);
    for (const part of [root, ...Object.values<Json>(root.$defs)]) {
      for (const key of Object.keys(part.properties ?? {})) known.add(`${part.title}: ${key}`);
    }
    collectUsed(document, root, resolve, used);
  }
  return [...known].filter((key) => !used.has(key)).sort();
}

function collectUsed(value: Json, node: Json, resolve: (node: Json) => Json, into: Set<string>): void {
  const schema = resolve(node);
  if (Array.isArray(value)) for (const item of value) collectUsed(item, schema.items, resolve, into);
  else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries<Json>(value)) {
      const property = schema.properties?.[key];
      if (property) into.add(`${schema.title}: ${key}`);
      collectUsed(item, property ?? schema.additionalProperties, resolve, into);
    }
  }
}
