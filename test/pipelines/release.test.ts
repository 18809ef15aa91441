import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import packageJson from "../../package.json" with { type: "json" };

const { jobs } = parse(readFileSync(".github/workflows/release.yml", "utf8"));
const repository = /github\.com\/(.+)\.git$/.exec(packageJson.repository.url)?.[1] as string;

/** The step of release.yml that refuses a tag which does not belong to this commit. */
function checkTag(tag: string, inRepository = repository) {
  const script = jobs.package.steps.find(({ name }: { name?: string }) => name?.startsWith("The tag"))?.run;
  const env = {
    PATH: process.env.PATH,
    GITHUB_REF_NAME: tag,
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: inRepository,
  };
  return spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], { env, encoding: "utf8" });
}

test("a release is made of a tag that names the version of package.json, in the repository that it names", () => {
  expect(checkTag(`v${packageJson.version}`)).toMatchObject({ status: 0, stdout: "" });
  const wrongTag = checkTag("v9.8.7");
  expect(wrongTag.stdout).toBe(`::error::The tag is v9.8.7, and package.json has version ${packageJson.version}\n`);
  expect(wrongTag.status).toBe(1);
  const fork = checkTag(`v${packageJson.version}`, "someone/a-fork");
  expect(fork.stdout).toContain("which npm refuses to attest from someone/a-fork");
  expect(fork.status).toBe(1);
});

test("nothing is published before everything else has worked, and each job may do no more than it has to", () => {
  expect(jobs.npm.needs).toEqual(["checks", "package", "images"]);
  expect(jobs.page.needs).toBe("npm");
  const writing = Object.entries<{ permissions: Record<string, string> }>(jobs).flatMap(([job, { permissions }]) =>
    Object.entries(permissions).flatMap(([scope, access]) => (access === "write" ? [`${job}: ${scope}`] : [])),
  );
  expect(writing).toEqual(["npm: id-token", "images: packages", "page: contents"]);
});
