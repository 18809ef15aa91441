/** The parts of a release: the changelog, and every file that contains the version. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Moves the entries under "Unreleased" into a section of this version. Throws when there is nothing to release. */
export function releaseChangelog(changelog: string, version: string, date: string): string {
  if (changelogSection(changelog, "Unreleased") === "")
    throw new Error('CHANGELOG.md has nothing under "Unreleased": write down what a user will notice');
  if (sectionOf(changelog, version) !== undefined)
    throw new Error(`CHANGELOG.md contains a section for ${version} already`);
  return changelog.replace(/^## Unreleased$/m, (title) => `${title}\n\n## ${version} - ${date}`);
}

/** The changelog's section about a version, without its title. */
export function changelogSection(changelog: string, version: string): string {
  const section = sectionOf(changelog, version);
  if (section === undefined) throw new Error(`CHANGELOG.md has no section "## ${version}"`);
  return section.slice(section.indexOf("\n") + 1).trim();
}

function sectionOf(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^## /m).slice(1);
  return sections.find((section) => section.split(/\s/, 1)[0] === version);
}

/** The text right before the version wherever a file contains it: an image, a package, a tag, our own constant. */
const before = String.raw`batch_(?:validator|processor)(?:_lambda)?[:-]|gen-batch-config[@/]v?|\brev: v|lambdaPackageVersion = "`;
const version = String.raw`\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)\.\d+)?`;
const pins = new RegExp(`(?<=${before})${version}(?![\\w-]|\\.\\d)`, "g");

/** Files that may contain the version: committed, but neither derived nor an example of a rule or test. */
const places = [
  ...["README.md", "action.yml", ".github", ".gitlab", "docker", "schemas", "src", "templates"],
  ...["workers/README.md", "test/e2e"],
];

export function filesWithPins(): readonly string[] {
  return places.flatMap((place) => {
    if (statSync(place).isFile()) return [place];
    const entries = readdirSync(place, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return paths.filter((path) => !path.startsWith(join("src", "check", "rules")));
  });
}

/** Our own versions in a text. */
export function pinnedVersions(text: string): readonly string[] {
  return text.match(pins) ?? [];
}

/** The text with the version `to` in place of `from`. */
export function pinVersion(text: string, from: string, to: string): string {
  return text.replace(pins, (found) => (found === from ? to : found));
}

/** The text of a package.json with another version, formatted as npm formats it. */
export function setVersion(packageJson: string, to: string): string {
  return `${JSON.stringify({ ...JSON.parse(packageJson), version: to }, null, 2)}\n`;
}

/** The text of the lock file with another version of the workers; npm has already changed that of the package itself. */
export function setWorkersVersion(lockFile: string, to: string): string {
  const lock = JSON.parse(lockFile);
  lock.packages.workers.version = to;
  return `${JSON.stringify(lock, null, 2)}\n`;
}
