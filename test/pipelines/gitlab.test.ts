import { spawnSync } from "node:child_process";
import { delimiter } from "node:path";
import { expect, test } from "vitest";
import { gitlabJobs } from "./gitlab.ts";
import { fakeNpx } from "./npx.ts";

const programs = fakeNpx();

/** As GitLab's runner: all lines in one shell, which ends at the first that fails. */
function runJob(inputs: Readonly<Record<string, string>>) {
  const [job] = Object.values(gitlabJobs(inputs));
  const script = job?.script.join("\n") ?? "";
  const env = { PATH: `${programs}${delimiter}${process.env.PATH}` };
  return spawnSync("bash", ["-eo", "pipefail", "-c", script], { env, encoding: "utf8" });
}

test("the job of the GitLab template passes a clean module and fails for its warnings when it is strict", () => {
  expect(runJob({ paths: "modules-out" })).toMatchObject({ status: 0 });
  const { status, stdout } = runJob({ paths: "modules-out", args: "--strict" });
  expect(stdout).toContain("[memory-packing]");
  expect(status).toBe(1);
});

test("it compares generated files with their config in another folder", () => {
  const inputs = { command: "generate --check", args: "--prefix gss-dev" };
  expect(runJob(inputs)).toMatchObject({ status: 0, stdout: expect.stringContaining("modules-out is up to date") });
  expect(runJob({ ...inputs, "working-directory": "docker" })).toMatchObject({ status: 1 });
});

test("two includes make two jobs", () => {
  expect(Object.keys(gitlabJobs({ "job-name": "another" }))).toEqual(["another"]);
});
