import type { ComputeResources } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import type { Subject } from "../../model/rule.ts";
import { environmentsOf, type PlacedEnvironment } from "./environments.ts";
import { isSample } from "./samples.ts";

/** The compute resources of an environment, and where they are. */
export interface PlacedResources extends PlacedEnvironment {
  readonly resources: ComputeResources;
  /** Pointer to one of their values. */
  readonly at: (key: keyof ComputeResources) => string;
  /** Whether all of these are literals, so that a rule can judge them together. A late prefix does not count. */
  readonly settled: (...keys: (keyof ComputeResources)[]) => boolean;
}

/** The compute resources of every environment: of the first of each document and of its fallback. */
export function resourcesOf(subject: Subject): readonly PlacedResources[] {
  return environmentsOf(subject).flatMap((placed) => {
    const resources = placed.environment.compute_resources;
    if (resources === undefined) return [];
    const at = (key: keyof ComputeResources) => `${placed.pointer}/compute_resources/${key}`;
    const settled = (...keys: (keyof ComputeResources)[]) => keys.every((key) => isSettled(placed.document, at(key)));
    return [{ ...placed, resources, at, settled }];
  });
}

function isSettled(document: TemplateDocument, pointer: string): boolean {
  if (isSample(document, pointer)) return false;
  return !document.placeholders.some((use) => use.name !== "PREFIX" && use.pointer.startsWith(`${pointer}/`));
}
