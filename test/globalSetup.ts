import { execFileSync } from "node:child_process";

/** Tests see the schemas, templates and CLI as they are now, not as they were at the last install. */
export default function setup(): void {
  execFileSync(process.execPath, ["--import", "tsx", "src/derive/main.ts"], { stdio: "inherit" });
  execFileSync(process.execPath, ["--import", "tsx", "src/derive/bundle.ts"], { stdio: "inherit" });
  execFileSync(process.execPath, ["--import", "tsx", "workers/build/deriveScanner.ts"], { stdio: "inherit" });
}
