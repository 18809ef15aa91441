import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
  .map((path) => ({ path: `src/${path}`, text: readFileSync(join("src", path), "utf8") }));

const stages = ["config", "render", "check", "write", "report"];

/** The files of this project that a file imports, also dynamically. */
function importsOf({ path, text }: { path: string; text: string }): string[] {
  const named = [...text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map((match) => match[1] as string);
  return named.map((name) => normalize(join(dirname(path), name)));
}

function stageOf(path: string): string {
  return path.split("/")[1] as string;
}

test("a stage imports the model, what is derived from schemas and templates, and itself; never another stage", () => {
  const wrong = files
    .filter(({ path }) => stages.includes(stageOf(path)))
    .flatMap((file) => importsOf(file).map((imported) => ({ from: file.path, imported })))
    .filter(({ imported }) => !imported.startsWith("schemas/"))
    .filter(({ from, imported }) => ![stageOf(from), "model", "derived"].includes(stageOf(imported)));
  expect(wrong).toEqual([]);
});

test("the model imports nothing but itself, the schemas and derived types", () => {
  const wrong = files
    .filter(({ path }) => stageOf(path) === "model")
    .flatMap((file) => importsOf(file).map((imported) => ({ from: file.path, imported })))
    .filter(({ imported }) => !imported.startsWith("schemas/") && !["model", "derived"].includes(stageOf(imported)));
  expect(wrong).toEqual([]);
});

test("only cli.ts and the programs that build the package touch the process", () => {
  const touching = files
    .filter(({ path }) => stageOf(path) !== "derive" && path !== "src/cli.ts")
    .filter(({ text }) =>
      /\bprocess\.(?!pid\b)|from "node:process"/.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")),
    )
    .map(({ path }) => path);
  expect(touching).toEqual([]);
});

test("src and workers never import each other", () => {
  const workers = readdirSync("workers", { recursive: true, encoding: "utf8" }).filter(
    (path) => /\.ts$/.test(path) && !path.includes("node_modules"),
  );
  const wrong = [
    ...files.flatMap((file) => importsOf(file).filter((imported) => imported.startsWith("workers/"))),
    ...workers.flatMap((path) =>
      importsOf({ path: `workers/${path}`, text: readFileSync(join("workers", path), "utf8") }).filter((imported) =>
        imported.startsWith("src/"),
      ),
    ),
  ];
  expect(wrong).toEqual([]);
});
