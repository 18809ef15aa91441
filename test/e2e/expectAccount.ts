import { expect } from "vitest";
import type { Json } from "./documents.ts";
import type { Account } from "./readBack.ts";

export interface Documents {
  readonly computeEnvironment: Json;
  readonly jobQueue: Json;
  readonly jobDefinitions: readonly Json[];
  readonly logGroups: Json;
}

/** Compares what the account holds with what the documents say: all of it, and nothing else. */
export function expectAccountToHold(account: Account, documents: Documents): void {
  const { fallback, ...first } = documents.computeEnvironment;
  const environments = [first, fallback].filter((environment) => environment != null);
  expect(sortedBy("name", account.computeEnvironments.map(heldEnvironment))).toEqual(
    sortedBy("name", environments.map(wantedEnvironment)),
  );
  expect(account.jobQueues.map(heldQueue)).toEqual([wantedQueue(documents.jobQueue)]);
  expect(sortedBy("name", account.jobDefinitions.map(heldDefinition))).toEqual(
    sortedBy("name", documents.jobDefinitions.map(wantedDefinition)),
  );
  const wantedGroups = Object.values<Json>(documents.logGroups);
  expect(
    sortedBy(
      "name",
      account.logGroups.map(({ logGroupName: name, retentionInDays }) => ({ name, retentionInDays })),
    ),
  ).toEqual(
    sortedBy(
      "name",
      wantedGroups.map(({ name, retention_in_days }) => ({ name, retentionInDays: retention_in_days })),
    ),
  );
}

function heldEnvironment(environment: Json): Json {
  const { computeEnvironmentName: name, type, state, serviceRole, computeResources, updatePolicy } = environment;
  // The template is given by name, and told by the id and version that Terraform chose.
  const { launchTemplate, ...resources } = computeResources;
  expect(launchTemplate).toEqual({
    launchTemplateId: expect.stringMatching(/^lt-/),
    version: expect.stringMatching(/^\d+$/),
  });
  expect(serviceRole, "the service-linked role").toContain(":role/aws-service-role/batch.amazonaws.com/");
  return { name, type, state, updatePolicy, computeResources: withSortedSets(resources) };
}

function wantedEnvironment(document: Json): Json {
  const { name, type, state, update_policy, compute_resources } = document;
  const { launch_template, ...resources } = compute_resources;
  expect(launch_template, "the module's own launch template").toBeDefined();
  return { name, type, state, updatePolicy: toApi(update_policy), computeResources: withSortedSets(toApi(resources)) };
}

/** AWS and Terraform treat these lists as sets. */
function withSortedSets(resources: Json): Json {
  const sets = ["instanceTypes", "securityGroupIds", "subnets"].map((key) => [key, resources[key].toSorted()]);
  return { ...resources, ...Object.fromEntries(sets) };
}

function heldQueue(queue: Json): Json {
  const { jobQueueName: name, state, priority, computeEnvironmentOrder, jobStateTimeLimitActions } = queue;
  return {
    name,
    state,
    priority,
    jobStateTimeLimitActions,
    computeEnvironmentOrder: computeEnvironmentOrder.map(withNameForArn),
  };
}

function withNameForArn({ order, computeEnvironment }: Json): Json {
  return { order, computeEnvironment: computeEnvironment.split("/").at(-1) };
}

function wantedQueue({ tags, ...document }: Json): Json {
  return toApi(document);
}

function heldDefinition(definition: Json): Json {
  const { jobDefinitionName: name, type, platformCapabilities, propagateTags } = definition;
  const { parameters, timeout, retryStrategy, containerProperties } = definition;
  return {
    ...{ name, type, platformCapabilities, propagateTags, parameters, timeout },
    retryStrategy: withLowerCaseActions(retryStrategy),
    containerProperties: withSortedLists(withoutEmptyLists(containerProperties)),
  };
}

function wantedDefinition({ tags, ...document }: Json): Json {
  const { vcpus, memory, resource_requirements = [], ...container } = document.container_properties;
  const wanted = toApi(document);
  const resourceRequirements = [
    { type: "VCPU", value: String(vcpus) },
    { type: "MEMORY", value: String(memory) },
    ...resource_requirements,
  ];
  return {
    ...wanted,
    parameters: wanted.parameters ?? {},
    retryStrategy: withLowerCaseActions(wanted.retryStrategy),
    containerProperties: withSortedLists(withoutEmptyLists({ ...toApi(container), resourceRequirements })),
  };
}

function withLowerCaseActions({ evaluateOnExit = [], ...strategy }: Json): Json {
  return {
    ...strategy,
    evaluateOnExit: evaluateOnExit.map((rule: Json) => ({ ...rule, action: rule.action.toLowerCase() })),
  };
}

/** AWS fills in an empty list for one that is not given. */
function withoutEmptyLists(properties: Json): Json {
  return Object.fromEntries(
    Object.entries<Json>(properties).filter(([, value]) => !(Array.isArray(value) && value.length === 0)),
  );
}

function withSortedLists({ environment = [], resourceRequirements, ...properties }: Json): Json {
  return {
    ...properties,
    environment: sortedBy("name", environment),
    resourceRequirements: sortedBy("type", resourceRequirements),
  };
}

function sortedBy(key: string, items: readonly Json[]): Json[] {
  return items.toSorted((one, other) => String(one[key]).localeCompare(String(other[key])));
}

/** Keys of these are the user's own words. */
const maps = new Set(["parameters", "options", "tags"]);

/** A document's snake_case keys in the API's spelling. */
function toApi(value: Json): Json {
  if (Array.isArray(value)) return value.map(toApi);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries<Json>(value).filter(([key]) => key !== "$schema");
  return Object.fromEntries(entries.map(([key, inner]) => [apiKey(key), maps.has(key) ? inner : toApi(inner)]));
}

function apiKey(key: string): string {
  return key
    .replace(/^(min|max|desired)_vcpus$/, "$1vCpus")
    .replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
