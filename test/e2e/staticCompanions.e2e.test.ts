import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { companionNames } from "../../src/model/units.ts";
import type { Json } from "./documents.ts";
import { generate } from "./generate.ts";
import { present, reasonsToSkip } from "./parts/part.ts";
import { cfnLint, checkov } from "./parts/pythonTools.ts";
import { run } from "./parts/run.ts";
import { terraform } from "./parts/terraform.ts";
import { agreeableStepFunctions } from "./static/agreeableStepFunctions.ts";
import { findingsInPlan } from "./static/checkovFindings.ts";
import { initCompanions, planCompanions } from "./static/companionModules.ts";
import { companionResources } from "./static/companionShapes.ts";
import {
  type Items,
  readCompanions,
  unusedKeys,
  withCompanionMistakes,
  withRefusedCompanionKeys,
} from "./static/items.ts";
import type { Module } from "./static/offlinePlan.ts";
import { checkovSkips } from "./static/skips.ts";

const parts = { terraform: await terraform(), checkov: await checkov(), "cfn-lint": await cfnLint() };
const absent = reasonsToSkip(parts);
for (const reason of absent) console.warn(`skipped for want of ${reason}`);

describe.skipIf(absent.length > 0)("static checks of the companions", () => {
  const scratch = mkdtempSync(join(tmpdir(), "gen-batch-config-companions-"));
  const generated = { "the default": join(scratch, "default"), "every option": join(scratch, "every-option") } as const;
  let stepFunctions: Awaited<ReturnType<typeof agreeableStepFunctions>>;
  let module: Module;

  beforeAll(async () => {
    stepFunctions = await agreeableStepFunctions();
    await generate(["--prefix", "gss-dev"], generated["the default"]);
    await generate(["--config", join(import.meta.dirname, "static", "every-option.yaml")], generated["every option"]);
    const folder = join(scratch, "modules");
    module = await initCompanions(present(parts.terraform), generated["the default"], folder, stepFunctions.url);
  });
  afterAll(() => {
    stepFunctions?.server.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  // So that what holds for one module holds for all of them.
  test.each(companionNames)("the module %s is the same whatever the documents say", (unit) => {
    expect(moduleFiles(generated["every option"], unit)).toEqual(moduleFiles(generated["the default"], unit));
  });

  test("terraform validate", async () => {
    await validate(module.folder);
  });

  test("terraform validate sees an argument that does not exist", async () => {
    const folder = join(scratch, "invalid");
    cpSync(module.folder, folder, { recursive: true, verbatimSymlinks: true });
    const file = join(folder, "lambda", "main.tf");
    writeFileSync(file, readFileSync(file, "utf8").replace("memory_size ", "memory_sizes "));
    await expect(validate(folder)).rejects.toThrow(/memory_sizes/);
  });

  for (const name of ["the default", "every option"] as const) {
    describe(`of what ${name} gives`, () => {
      let items: Items;
      let plan: Json;

      beforeAll(async () => {
        const documents = readCompanions(generated[name]);
        items = name === "every option" ? withRefusedCompanionKeys(documents) : documents;
        plan = await planCompanions(present(parts.terraform), module, items, name === "every option" ? topic : {});
      });

      test("terraform plan creates everything", () => {
        const actions = new Set(plan.resource_changes.map(({ change }: Json) => change.actions.join()));
        expect([...actions]).toEqual(["create"]);
        const planned = plan.resource_changes.filter(({ type }: Json) => type === "aws_iam_role");
        expect(planned).toHaveLength(Object.keys(items["iam-roles"]).length);
      });

      test("checkov finds nothing in the plan but what is not done by default, with a reason", async () => {
        const found = await findingsInPlan(present(parts.checkov).path, plan, join(scratch, "plan.json"));
        const wanted = name === "every option" ? checkovSkips.always : checkovSkips.byDefault;
        expect(Object.keys(wanted).sort()).toEqual([...new Set(found.map((finding) => finding.split(" ")[0]))].sort());
      });

      test("cfn-lint finds nothing in the documents as CloudFormation", async () => {
        expect(await cloudFormationProblems(items)).toEqual([]);
      });
    });
  }

  test("every key of the schemas is in the documents that are checked", () => {
    const items = withRefusedCompanionKeys(readCompanions(generated["every option"]));
    const { "step-function-definition": definition, dashboard, ...others } = items;
    // What AWS alone knows about states and widgets is judged as it is by cfn-lint.
    expect([definition, dashboard].every((document) => document !== undefined)).toBe(true);
    // The code has one source, and who is named is all who may.
    expect(unusedKeys(others).filter((key) => !key.endsWith(": $schema"))).toEqual([
      "Package: filename",
      "Package: image_uri",
      "Policy statement: NotPrincipal",
    ]);
  });

  test("cfn-lint finds faults in each kind of document", async () => {
    const found = (await cloudFormationProblems(withCompanionMistakes(readCompanions(generated["the default"])))).join(
      "\n",
    );
    expect(found).toMatch(/E3601 .*Tusk/);
    expect(found).toMatch(/E2533 Runtime 'nodejs8.10'/);
    expect(found).toMatch(/E3030 'Perhaps' is not one of/);
    expect(found).toMatch(/'Effects' was unexpected|'Effect' is a required property/);
    expect(found).toMatch(/'Summed' is not one of/);
  });

  async function validate(folder: string): Promise<void> {
    await run(present(parts.terraform).path, ["validate", "-no-color"], {
      cwd: folder,
      env: module.env,
      timeLimitSeconds: 600,
    });
  }

  async function cloudFormationProblems(items: Items): Promise<readonly string[]> {
    const file = join(mkdtempSync(join(scratch, "cloudformation-")), "template.json");
    const template = { AWSTemplateFormatVersion: "2010-09-09", Resources: companionResources(items) };
    writeFileSync(file, JSON.stringify(template));
    // Any exit code below 32 is a sum of what was found, by severity.
    const accept = Array.from({ length: 31 }, (_, code) => code);
    const args = ["--format", "json", "--regions", "us-east-1", "--", file];
    const { stdout } = await run(present(parts["cfn-lint"]).path, args, { accept });
    return JSON.parse(stdout).map(({ Rule, Message }: Json) => `${Rule.Id} ${Message}`);
  }
});

/** What the config says of the topic, which stands in no document. */
const topic = {
  alarm_emails: ["batch-team@example.com"],
  alarm_actions: ["arn:aws:sns:eu-central-1:000000000000:on-call"],
  alarm_topic_kms_key: "arn:aws:kms:eu-central-1:000000000000:key/00000000-1111-2222-3333-444444444444",
};

function moduleFiles(generated: string, unit: string): Readonly<Record<string, string>> {
  const folder = join(generated, "terraform-aws-batch", unit);
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
