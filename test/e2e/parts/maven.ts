import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findOnPath, findProgram } from "./findProgram.ts";
import { installOnce } from "./installOnce.ts";
import type { Part } from "./part.ts";
import { cachePath } from "./paths.ts";
import { run } from "./run.ts";

export interface JavaProgram {
  readonly java: string;
  readonly classpath: string;
}

export interface MavenArtifact {
  readonly group: string;
  readonly name: string;
  readonly version: string;
}

const copyDependencies = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";

/** Artifacts with all that they depend on, copied into the cache by Maven, which is used with the settings of this machine. */
export async function mavenProgram(name: string, artifacts: readonly MavenArtifact[]): Promise<Part<JavaProgram>> {
  const java = findProgram("java", "JAVA_PATH");
  if (java === undefined) return { absent: "no java on PATH, and JAVA_PATH is not set" };
  const maven = findOnPath("mvn");
  if (maven === undefined) return { absent: "no mvn on PATH" };
  const folder = cachePath("maven", name);
  try {
    await installOnce(folder, [copyDependencies, JSON.stringify(artifacts)], async () => {
      writeFileSync(join(folder, "pom.xml"), pomOf(artifacts));
      const args = ["--batch-mode", "--quiet", copyDependencies, `-DoutputDirectory=${join(folder, "lib")}`];
      await run(maven, args, { cwd: folder, timeLimitSeconds: 600 });
    });
    return { java, classpath: join(folder, "lib", "*") };
  } catch (error) {
    return { absent: `Maven cannot get ${name} (${(error as Error).message})` };
  }
}

function pomOf(artifacts: readonly MavenArtifact[]): string {
  const dependencies = artifacts.map(
    ({ group, name, version }) => `    <dependency>
      <groupId>${group}</groupId>
      <artifactId>${name}</artifactId>
      <version>${version}</version>
    </dependency>`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>test</groupId>
  <artifactId>test</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
${dependencies.join("\n")}
  </dependencies>
</project>
`;
}
