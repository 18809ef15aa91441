import type { JobDefinition } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { isSample } from "./samples.ts";

/** The resources that a job requests of an instance, as far as they are literals. */
export interface Demand {
  readonly document: TemplateDocument<JobDefinition>;
  readonly vcpus?: Amount;
  /** MiB. */
  readonly memory?: Amount;
}

export interface Amount {
  readonly value: number;
  /** As it is written: a number, or text in resource_requirements. */
  readonly found: unknown;
  readonly pointer: string;
}

export function demandOf(document: TemplateDocument<JobDefinition>): Demand {
  const vcpus = amountOf(document, "vcpus", "VCPU");
  const memory = amountOf(document, "memory", "MEMORY");
  return { document, ...(vcpus && { vcpus }), ...(memory && { memory }) };
}

function amountOf(
  document: TemplateDocument<JobDefinition>,
  key: "vcpus" | "memory",
  type: "VCPU" | "MEMORY",
): Amount | undefined {
  const container = document.value.container_properties;
  const index = container.resource_requirements?.findIndex((requirement) => requirement.type === type) ?? -1;
  const found = index < 0 ? container[key] : container.resource_requirements?.[index]?.value;
  const path = index < 0 ? key : `resource_requirements/${index}/value`;
  const pointer = `/container_properties/${path}`;
  const value = Number(found);
  if (found === undefined || !(value > 0) || isSample(document, pointer)) return undefined;
  return { value, found, pointer };
}
