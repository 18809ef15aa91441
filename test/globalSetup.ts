import { spawn } from "node:child_process";
import { once } from "node:events";

/** Tests see the schemas, templates and CLI as they are now, not as they were at the last install. */
export default async function setup(): Promise<void> {
  await Promise.all([
    derive("src/derive/main.ts").then(() => derive("src/derive/bundle.ts")),
    derive("workers/build/deriveScanner.ts"),
  ]);
}

/** Runs a program that makes files from the sources. */
export async function derive(program: string): Promise<void> {
  const child = spawn(process.execPath, ["--import", "tsx", program], { stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
}
