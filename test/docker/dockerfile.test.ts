import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { imagePrograms } from "../../docker/buildImages.ts";
import { programs } from "../../workers/build/programs.ts";

const dockerfile = readFileSync(new URL("../../docker/Dockerfile", import.meta.url), "utf8");
const instructions = dockerfile
  .replace(/^#.*\n/gm, "")
  .replace(/\\\n\s*/g, "")
  .split("\n")
  .filter((line) => line !== "");

test("the Dockerfile needs nothing that the classic builder lacks", () => {
  expect(dockerfile).not.toMatch(/^#\s*(?:syntax|escape)\s*=/im);
  expect(instructions.filter((line) => /^(?:RUN|COPY|ADD)\s+--|<<|\bHEREDOC\b/.test(line))).toEqual([]);
});

test("no image asks to be checked for health, which AWS Batch does not do", () => {
  expect(instructions.filter((line) => line.startsWith("HEALTHCHECK"))).toEqual([]);
});

test("what runs at the end is a user by number, and not root", () => {
  const users = instructions.filter((line) => line.startsWith("USER "));
  expect(users.at(-1)).toBe("USER 10001:10001");
});

describe.each(imagePrograms)("the target %s", (name) => {
  const start = instructions.indexOf(`FROM runtime AS ${name}`);
  const rest = instructions.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith("FROM "));
  const stage = end === -1 ? rest : rest.slice(0, end);

  test("holds the bundle of that name and nothing else", () => {
    expect(start).toBeGreaterThan(-1);
    const copies = stage.filter((line) => /^(?:COPY|ADD|RUN) /.test(line));
    expect(copies).toEqual([`COPY ${name}/ /opt/batch-processing/`]);
  });

  test("starts the program that job definitions name, without a shell", () => {
    expect(stage).toContain(`ENTRYPOINT ["/opt/batch-processing/${name}"]`);
    expect(stage).toContain("CMD []");
  });

  test("says of itself what the bundle says", () => {
    const label = stage.find((line) => line.startsWith("LABEL ")) ?? "";
    const { description } = programs.find((program) => program.name === name) ?? { description: "?" };
    expect(label).toContain(`org.opencontainers.image.title="${name}"`);
    expect(label).toContain(`org.opencontainers.image.description="${description}"`);
    for (const key of ["licenses", "source", "version", "revision"]) {
      expect(label).toContain(`org.opencontainers.image.${key}="`);
    }
  });
});
