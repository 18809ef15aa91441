import { expect, test } from "vitest";
import { checkFiles } from "../../src/check/checkFiles.ts";
import { iamWildcards } from "../../src/check/rules/iam-wildcards.ts";
import { wiringKeys } from "../../src/check/rules/wiring-keys.ts";
import { checkExample } from "../../src/derive/checkExample.ts";

function severitiesOf(shows: RegExp) {
  const examples = iamWildcards.examples.bad.filter((example) => shows.test(example.shows));
  return examples
    .flatMap((example) => checkExample(example))
    .filter(({ rule }) => rule === iamWildcards.id)
    .map(({ severity }) => severity);
}

test("what is left open in the roles of our workers is an error, in the role of another program a warning", () => {
  expect(severitiesOf(/for the workers$/)).toEqual(["error", "error"]);
  expect(severitiesOf(/^every (?:action of a service|queue|bucket)$/)).toEqual(["warning", "warning", "warning"]);
});

test("a role of a unit elsewhere is not looked for in the document next to the .hcl file", () => {
  const roles = {
    path: "iam-roles-json/iam-roles.json",
    text: '{"own": {"trust": {"services": ["batch.amazonaws.com"]}}}',
  };
  const wiring = (folder: string) => ({
    path: "lambda.hcl",
    text: `dependency "iam_roles" {\n  config_path = "\${get_terragrunt_dir()}/${folder}"\n}\nrole = dependency.iam_roles.outputs.role_arn["other"]\n`,
  });
  const found = (folder: string) =>
    checkFiles([wiring(folder), roles], { awsProvider: 5, placeholders: new Map(), ignoredRules: new Set() })
      .filter(({ rule }) => rule === wiringKeys.id)
      .map(({ position }) => position.line);
  expect(found("../iam-roles")).toEqual([4]);
  expect(found("../../shared/roles")).toEqual([]);
});
