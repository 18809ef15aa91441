/**
 * Changes everything for a release except package.json. `npm version minor` sets the version there and calls this as its script
 * "version"; npm then commits and tags what is staged.
 *
 *   tsx src/derive/release.ts bump            the changelog and every other file that names the version
 *   tsx src/derive/release.ts notes 0.2.0     prints the changelog's section, for the page of the release
 */
import { readFileSync, writeFileSync } from "node:fs";
import {
  changelogSection,
  filesWithPins,
  pinVersion,
  releaseChangelog,
  setVersion,
  setWorkersVersion,
} from "./versions.ts";

const [command, argument] = process.argv.slice(2);
if (command === "bump") bump(fromNpm("npm_old_version"), fromNpm("npm_new_version"));
else if (command === "notes" && argument !== undefined)
  console.log(changelogSection(readFileSync("CHANGELOG.md", "utf8"), isPreview(argument) ? "Unreleased" : argument));
else throw new Error("usage: release.ts bump | release.ts notes VERSION");

function bump(from: string, to: string): void {
  const today = new Date().toISOString().slice(0, 10);
  if (!isPreview(to)) change("CHANGELOG.md", (text) => releaseChangelog(text, to, today));
  change("workers/package.json", (text) => setVersion(text, to));
  change("package-lock.json", (text) => setWorkersVersion(text, to));
  for (const path of filesWithPins()) change(path, (text) => pinVersion(text, from, to));
}

/** True for a preview such as 1.0.0-rc.1: the changelog gets its section with the final version. */
function isPreview(version: string): boolean {
  return version.includes("-");
}

function fromNpm(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run "npm version", which runs this`);
  return value;
}

function change(path: string, edit: (text: string) => string): void {
  const old = readFileSync(path, "utf8");
  const made = edit(old);
  if (made === old) return;
  writeFileSync(path, made);
  console.log(path);
}
