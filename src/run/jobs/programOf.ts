import { WrongUsage } from "../../model/problem.ts";
import { type Worker, workers } from "../../shared/contract.ts";

/** The worker that a command starts by its path in the image. */
export function programOf(definition: string, command: readonly string[]): Worker {
  const [path] = command;
  const worker = workers.find(({ program }) => program === path);
  if (worker !== undefined) return worker;
  throw new WrongUsage(
    `the command of ${definition} starts ${JSON.stringify(path)}; expected ${workers.map(({ program }) => program).join(" or ")}`,
    "run starts the workers of this package; a program of an image of your own cannot be started on this machine",
  );
}
