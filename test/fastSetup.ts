import { derive } from "./globalSetup.ts";

/** Without the bundle of the command line, which no test of this lane starts. */
export default async function setup(): Promise<void> {
  await Promise.all([derive("src/derive/main.ts"), derive("workers/build/deriveScanner.ts")]);
}
