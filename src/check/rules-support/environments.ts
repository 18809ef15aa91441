import type { ComputeEnvironment, FallbackEnvironment } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import type { Subject } from "../../model/rule.ts";

export interface PlacedEnvironment {
  readonly document: TemplateDocument;
  /** Pointer to the environment within its document: "" or "/fallback". */
  readonly pointer: string;
  readonly environment: FallbackEnvironment;
}

/** Every compute environment: the first of each document, and the fallback inside it. */
export function environmentsOf({ computeEnvironments }: Subject): readonly PlacedEnvironment[] {
  return computeEnvironments.flatMap((document) => [
    { document, pointer: "", environment: document.value },
    ...fallbackOf(document),
  ]);
}

function fallbackOf(document: TemplateDocument<ComputeEnvironment>): readonly PlacedEnvironment[] {
  const { fallback } = document.value;
  return fallback ? [{ document, pointer: "/fallback", environment: fallback }] : [];
}
