import { WrongUsage } from "../model/problem.ts";
import { publishedSchema } from "../model/publishedSchema.ts";
import { schemaFiles } from "../model/schemas.ts";
import { nearest } from "../shared/nearest.ts";
import { exitCodes } from "./exitCodes.ts";
import type { Io } from "./io.ts";

/** Prints a schema for an editor; without a name, lists the names. */
export function runSchema(name: string | undefined, io: Io): number {
  const names = Object.keys(schemaFiles);
  if (name === undefined) {
    io.out(`${names.join("\n")}\n`);
    return exitCodes.fine;
  }
  if (!Object.hasOwn(schemaFiles, name)) {
    const close = nearest(name, names);
    throw new WrongUsage(
      `there is no schema ${JSON.stringify(name)}`,
      close ? `did you mean ${close}?` : `the schemas are ${names.join(", ")}`,
    );
  }
  io.out(`${JSON.stringify(publishedSchema(name as keyof typeof schemaFiles), null, 2)}\n`);
  return exitCodes.fine;
}
