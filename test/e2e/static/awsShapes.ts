/**
 * The documents in the words of CloudFormation and of the AWS API, written down a second time and apart from the program,
 * so that two oracles which know AWS and not us can judge them.
 */
import type { Json } from "../documents.ts";
import type { Items } from "./items.ts";

export interface Call {
  readonly service: string;
  readonly operation: string;
  readonly parameters: Json;
}

/** A CloudFormation template of all that the documents describe. */
export function cloudFormationTemplate(items: Items): Json {
  const { fallback, ...first } = items["compute-environment"];
  const environments: Json[] = [first, fallback].filter((environment) => environment != null);
  const logicalIds = new Map(environments.map(({ name }, index) => [name, `ComputeEnvironment${index + 1}`]));
  const reference = (name: string) => (logicalIds.has(name) ? { Ref: logicalIds.get(name) } : name);
  const queue = inPascalCase(named("JobQueueName", items["job-queue"]));
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Resources: {
      ...Object.fromEntries(
        environments.map((environment) => [
          logicalIds.get(environment.name),
          {
            Type: "AWS::Batch::ComputeEnvironment",
            Properties: inPascalCase(named("ComputeEnvironmentName", environment)),
          },
        ]),
      ),
      JobQueue: {
        Type: "AWS::Batch::JobQueue",
        Properties: {
          ...queue,
          ComputeEnvironmentOrder: queue.ComputeEnvironmentOrder.map(({ Order, ComputeEnvironment }: Json) => ({
            Order,
            ComputeEnvironment: reference(ComputeEnvironment),
          })),
        },
      },
      ...Object.fromEntries(
        ["validation", "processing"].map((purpose) => [
          `${upperFirst(purpose)}Job`,
          { Type: "AWS::Batch::JobDefinition", Properties: cloudFormationJob(items[`batch-${purpose}-job`]) },
        ]),
      ),
      LaunchTemplate: { Type: "AWS::EC2::LaunchTemplate", Properties: launchTemplate(items["launch-template"]) },
      ...Object.fromEntries(
        Object.entries<Json>(items["log-groups"]).map(([purpose, group]) => [
          `${upperFirst(purpose)}LogGroup`,
          { Type: "AWS::Logs::LogGroup", Properties: cloudFormationLogGroup(group) },
        ]),
      ),
    },
  };
}

/** The calls that create what the documents describe; the container properties are those that the module makes. */
export function apiCalls(items: Items, containerProperties: Readonly<Record<string, Json>>): readonly Call[] {
  const { fallback, ...first } = items["compute-environment"];
  const environments: Json[] = [first, fallback].filter((environment) => environment != null);
  return [
    ...environments.map((environment) =>
      batch(
        "CreateComputeEnvironment",
        inCamelCase(named("compute_environment_name", without(environment, "update_policy"))),
      ),
    ),
    ...environments.map(({ name, update_policy }) =>
      batch("UpdateComputeEnvironment", inCamelCase({ compute_environment: name, update_policy })),
    ),
    batch("CreateJobQueue", inCamelCase(named("job_queue_name", items["job-queue"]))),
    ...["batch-validation-job", "batch-processing-job"].map((name) => {
      const job = without(
        named("job_definition_name", items[name]),
        "deregister_on_new_revision",
        "container_properties",
      );
      return batch("RegisterJobDefinition", { ...inCamelCase(job), containerProperties: containerProperties[name] });
    }),
    { service: "ec2", operation: "CreateLaunchTemplate", parameters: launchTemplate(items["launch-template"]) },
    ...Object.values<Json>(items["log-groups"]).flatMap(({ name, retention_in_days, skip_destroy, ...group }) => [
      { service: "logs", operation: "CreateLogGroup", parameters: inCamelCase({ log_group_name: name, ...group }) },
      {
        service: "logs",
        operation: "PutRetentionPolicy",
        parameters: inCamelCase({ log_group_name: name, retention_in_days }),
      },
    ]),
  ];
}

function batch(operation: string, parameters: Json): Call {
  return { service: "batch", operation, parameters };
}

function cloudFormationJob(document: Json): Json {
  const job = without(named("JobDefinitionName", document), "deregister_on_new_revision");
  const { vcpus, memory, resource_requirements = [], ...container } = job.container_properties;
  const requirements = [
    ...(vcpus == null ? [] : [{ type: "VCPU", value: String(vcpus) }]),
    ...(memory == null ? [] : [{ type: "MEMORY", value: String(memory) }]),
    ...resource_requirements,
  ];
  return inPascalCase({ ...job, container_properties: { ...container, resource_requirements: requirements } });
}

/** CloudFormation and EC2 have the same words for a launch template. */
function launchTemplate({ name, description, tags, ...data }: Json): Json {
  const { VpcSecurityGroupIds, TagSpecifications, NetworkInterfaces, ...rest } = inPascalCase(data);
  return defined({
    LaunchTemplateName: name,
    VersionDescription: description,
    TagSpecifications: tags && [{ ResourceType: "launch-template", Tags: tagList(tags) }],
    LaunchTemplateData: defined({
      ...rest,
      SecurityGroupIds: VpcSecurityGroupIds,
      TagSpecifications: TagSpecifications?.map(({ ResourceType, Tags }: Json) => ({
        ResourceType,
        Tags: tagList(Tags),
      })),
      NetworkInterfaces: NetworkInterfaces?.map(({ SecurityGroups, ...card }: Json) =>
        defined({ ...card, Groups: SecurityGroups }),
      ),
    }),
  });
}

function cloudFormationLogGroup({ skip_destroy, tags, ...group }: Json): Json {
  return defined({ ...inPascalCase(named("LogGroupName", group)), Tags: tags && tagList(tags) });
}

function tagList(tags: Json): Json {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function named(key: string, { name, ...document }: Json): Json {
  return { [key]: name, ...document };
}

function without(document: Json, ...keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(document).filter(([key]) => !keys.includes(key)));
}

function defined(object: Json): Json {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

/** Keys of these are the user's own words. */
const maps = new Set(["parameters", "options", "tags"]);

const irregular: Readonly<Record<string, string>> = {
  min_vcpus: "minvCpus",
  max_vcpus: "maxvCpus",
  size_in_gib: "sizeInGiB",
};

function inCamelCase(value: Json, spelled: (key: string) => string = camelCase): Json {
  if (Array.isArray(value)) return value.map((item) => inCamelCase(item, spelled));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries<Json>(value).map(([key, item]) => [spelled(key), maps.has(key) ? item : inCamelCase(item, spelled)]),
  );
}

function inPascalCase(value: Json): Json {
  return inCamelCase(value, (key) => upperFirst(camelCase(key)));
}

function camelCase(key: string): string {
  return irregular[key] ?? key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
