import { type CheckSettings, checkFiles } from "./check/checkFiles.ts";
import { checkSettings } from "./checkSettings.ts";
import { type ConfigRequest, loadConfig } from "./config/loadConfig.ts";
import { resolveModel } from "./config/resolveModel.ts";
import type { ConfigSource } from "./model/configSource.ts";
import { InvalidInput, type Problem } from "./model/problem.ts";
import type { RenderedFile } from "./model/renderedFile.ts";
import { configKey, documentNames, documentPath, unitNames } from "./model/units.ts";
import { render } from "./render/render.ts";

export interface Generated {
  readonly files: readonly RenderedFile[];
  readonly warnings: readonly Problem[];
  readonly settings: CheckSettings;
}

/** load → resolve → render → check. Writes nothing: returns complete, checked files or throws `InvalidInput`. */
export async function generate(request: ConfigRequest, folder: string, strict: boolean): Promise<Generated> {
  const source = await loadConfig(request);
  const model = resolveModel(source);
  const files = render(model);
  const settings = checkSettings(source);
  const problems = check(files, folder, settings).map((problem) => atConfig(problem, folder, source));
  if (problems.some(({ severity }) => strict || severity === "error")) throw new InvalidInput(problems);
  return { files, warnings: problems, settings };
}

function check(files: readonly RenderedFile[], folder: string, settings: CheckSettings): readonly Problem[] {
  const texts = files
    .filter(({ path }) => /^[a-z-]+-json\/|^batch_user_data\.sh$/.test(path) || bindsPlaceholders(path))
    .map(({ path, text }) => ({ path: `${folder}/${path}`, text }));
  return checkFiles(texts, settings);
}

function bindsPlaceholders(path: string): boolean {
  return unitNames.some((unit) => path === `${unit}.hcl`);
}

/**
 * A problem in a value from the user's config is reported where the user wrote it; for a value that a fallback copies from
 * the first environment, that is in the first environment.
 */
function atConfig(problem: Problem, folder: string, source: ConfigSource): Problem {
  const name = documentNames.find((document) => problem.file === `${folder}/${documentPath(document)}`);
  if (name === undefined) return problem;
  const shared = problem.pointer.replace(/^\/fallback(?=\/(?:compute_resources|update_policy)\/)/, "");
  const pointers = [problem.pointer, shared].map((pointer) => `/${configKey(name)}${pointer}`);
  const pointer = pointers.find(source.wrote);
  return pointer === undefined ? problem : { ...problem, pointer, ...source.locate(pointer) };
}
