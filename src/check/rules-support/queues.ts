import type { JobQueue } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import type { Subject } from "../../model/rule.ts";
import { environmentsOf, type PlacedEnvironment } from "./environments.ts";
import { isSample } from "./samples.ts";

/** An entry of a queue's list of environments. */
export interface QueueEntry {
  /** Pointer to the entry. */
  readonly pointer: string;
  readonly order: number;
  /** Name of the environment, also when it is given by its ARN. */
  readonly name: string;
  /** Whether the queue may refer to an environment that is not among these documents. */
  readonly elsewhere: boolean;
  /** The environment itself, when one of the documents describes it. */
  readonly placed: PlacedEnvironment | undefined;
}

/** The entries of a queue, in the order in which they are tried. */
export function entriesOf(queue: TemplateDocument<JobQueue>, subject: Subject): readonly QueueEntry[] {
  const environments = environmentsOf(subject);
  return queue.value.compute_environment_order
    .map(({ order, compute_environment }, index) => {
      const pointer = `/compute_environment_order/${index}`;
      const name = compute_environment.split("/").at(-1) ?? compute_environment;
      return {
        pointer,
        order,
        name,
        elsewhere: compute_environment.startsWith("arn:") || dependsOnPlaceholder(queue, pointer),
        placed: environments.find(({ environment }) => environment.name === name),
      };
    })
    .sort((one, other) => one.order - other.order);
}

/** A late prefix is in the names of the environments as well, so it does not make a name unknown. */
function dependsOnPlaceholder(queue: TemplateDocument<JobQueue>, pointer: string): boolean {
  const others = queue.placeholders.filter(({ name }) => name !== "PREFIX");
  return isSample({ ...queue, placeholders: others }, `${pointer}/compute_environment`);
}

/**
 * The environments that a job can be sent to, a group for each queue. Without a queue all are one group, because
 * the module has one queue by default.
 */
export function environmentGroups<Placed extends PlacedEnvironment>(
  subject: Subject,
  candidates: readonly Placed[],
): readonly (readonly Placed[])[] {
  if (subject.jobQueues.length === 0) return [candidates];
  return subject.jobQueues.map((queue) =>
    entriesOf(queue, subject).flatMap(({ name }) => candidates.filter(({ environment }) => environment.name === name)),
  );
}
