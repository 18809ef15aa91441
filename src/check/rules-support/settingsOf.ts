import type { JobDefinition, LambdaFunction } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import type { Subject } from "../../model/rule.ts";
import { workerOf } from "../../shared/contract.ts";
import { pointerTo } from "../../shared/pointer.ts";
import { workerIn } from "./callers.ts";
import { isSample } from "./samples.ts";

/** A variable in the environment of a job or of the function. */
export interface PlacedSetting {
  readonly document: TemplateDocument;
  readonly pointer: string;
  readonly value: string;
  /** It contains a placeholder: two of these are equal when their samples are, and never equal to a literal value. */
  readonly sampled: boolean;
}

export function jobSetting(document: TemplateDocument<JobDefinition>, name: string): PlacedSetting | undefined {
  const { environment = [] } = document.value.container_properties;
  const index = environment.findIndex((entry) => entry.name === name);
  const value = environment[index]?.value;
  if (value === undefined) return undefined;
  const pointer = `/container_properties/environment/${index}/value`;
  return { document, pointer, value, sampled: isSample(document, pointer) };
}

export function functionSetting(document: TemplateDocument<LambdaFunction>, name: string): PlacedSetting | undefined {
  const { environment = {} } = document.value;
  const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
  if (value === undefined) return undefined;
  const pointer = pointerTo("/environment", name);
  return { document, pointer, value, sampled: isSample(document, pointer) };
}

/** The definition of the job that one of our workers runs in. */
export function jobOf(purpose: "validation" | "processing", { jobDefinitions }: Subject) {
  const { name } = workerOf(purpose);
  const jobs = jobDefinitions.filter(({ value }) => workerIn(value)?.name === name);
  return jobs.length === 1 ? jobs[0] : undefined;
}
