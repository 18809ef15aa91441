import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Json } from "./documents.ts";
import { generate } from "./generate.ts";
import { present, reasonsToSkip } from "./parts/part.ts";
import { cfnLint, checkov } from "./parts/pythonTools.ts";
import { pythonVenv } from "./parts/pythonVenv.ts";
import { run } from "./parts/run.ts";
import { shellcheck } from "./parts/shellcheck.ts";
import { terraform } from "./parts/terraform.ts";
import { apiCalls, type Call, cloudFormationTemplate } from "./static/awsShapes.ts";
import { findingsInModule, findingsInPlan } from "./static/checkovFindings.ts";
import { type Items, readItems, unusedKeys, withCarelessness, withMistakes, withRefusedKeys } from "./static/items.ts";
import { initModule, type Module, planJson, planned, userData } from "./static/offlinePlan.ts";
import { checkovSkips } from "./static/skips.ts";

const parts = {
  shellcheck: await shellcheck(),
  terraform: await terraform(),
  checkov: await checkov(),
  "cfn-lint": await cfnLint(),
  // botocore comes along with the emulator.
  botocore: await pythonVenv("moto"),
};
const absent = reasonsToSkip(parts);
for (const reason of absent) console.warn(`skipped for want of ${reason}`);

describe.skipIf(absent.length > 0)("static checks", () => {
  const scratch = mkdtempSync(join(tmpdir(), "gen-batch-config-static-"));
  const generated = { "the default": join(scratch, "default"), "every option": join(scratch, "every-option") } as const;
  let module: Module;

  beforeAll(async () => {
    await generate(["--prefix", "gss-dev"], generated["the default"]);
    await generate(["--config", join(import.meta.dirname, "static", "every-option.yaml")], generated["every option"]);
    module = await initModule(present(parts.terraform), generated["the default"], join(scratch, "module"));
  });
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  describe("of the module", () => {
    // So that what holds for one module holds for all of them.
    test("it is the same whatever the documents say", () => {
      expect(moduleFiles(generated["every option"])).toEqual(moduleFiles(generated["the default"]));
    });

    test("terraform validate", async () => {
      await validate(module.folder);
    });

    test("terraform validate sees an argument that does not exist", async () => {
      const folder = join(scratch, "invalid");
      cpSync(module.folder, folder, { recursive: true, verbatimSymlinks: true });
      const file = join(folder, "job-queue.tf");
      writeFileSync(file, readFileSync(file, "utf8").replace("priority", "urgency"));
      await expect(validate(folder)).rejects.toThrow(/"urgency"/);
    });

    test("checkov finds nothing, as somebody runs it who has no inputs", async () => {
      const folder = join(generated["the default"], "terraform-aws-batch", "batch");
      expect(await findingsInModule(present(parts.checkov).path, folder)).toEqual([]);
    });
  });

  for (const name of ["the default", "every option"] as const) {
    describe(`of what ${name} gives`, () => {
      let items: Items;
      let plan: Json;

      beforeAll(async () => {
        const documents = readItems(generated[name]);
        items = name === "every option" ? withRefusedKeys(documents) : documents;
        plan = await planJson(present(parts.terraform), module, { items, userData: userData(generated[name]) });
      });

      test("shellcheck", async () => {
        await run(present(parts.shellcheck).path, [join(generated[name], "batch_user_data.sh")]);
      });

      test("terraform fmt", async () => {
        await format(generated[name]);
      });

      test("terraform plan creates everything", async () => {
        expect(plan.resource_changes.map(({ change }: Json) => change.actions)).toEqual(Array(8).fill(["create"]));
      });

      test("checkov finds nothing in the plan but what is not done by default, with a reason", async () => {
        const found = await findingsInPlan(present(parts.checkov).path, plan, join(scratch, "plan.json"));
        const wanted = name === "every option" ? [] : Object.keys(checkovSkips.logs).flatMap(onBothLogGroups);
        expect(found).toEqual(wanted.sort());
      });

      test("cfn-lint finds nothing in the documents as CloudFormation", async () => {
        // It is right about zones in a template for every region; a document is for one, and may name a zone of it.
        const wanted = name === "every option" ? ["W3010 Avoid hardcoding availability zones 'eu-central-1a'"] : [];
        expect(await cloudFormationProblems(items)).toEqual(wanted);
      });

      test("botocore finds nothing in the documents as calls of the API", async () => {
        expect(await apiProblems(apiCalls(items, containerProperties(plan)))).toEqual([]);
      });
    });
  }

  test("every key of the schemas is in the documents that are checked", () => {
    const unused = unusedKeys(withRefusedKeys(readItems(generated["every option"])));
    // The module refuses desired_vcpus, which belongs to AWS Batch; a profile goes by its ARN or by its name.
    expect(unused.filter((key) => !key.endsWith(": $schema"))).toEqual([
      "Compute resources: desired_vcpus",
      "Instance profile: name",
    ]);
  });

  describe("of faults find them:", () => {
    const folder = generated["the default"];

    test("shellcheck", async () => {
      const script = join(scratch, "faults.sh");
      writeFileSync(script, `${userData(folder)}rm -r $1/cache\n`);
      const { stdout } = await run(present(parts.shellcheck).path, [script], { accept: [1] });
      expect(stdout).toContain("SC2086");
    });

    test("terraform fmt", async () => {
      const unformatted = join(scratch, "unformatted");
      cpSync(join(folder, "terraform-aws-batch"), unformatted, { recursive: true });
      writeFileSync(join(unformatted, "batch", "more.tf"), 'output   "x" {\nvalue = 1\n}\n');
      await expect(format(unformatted)).rejects.toThrow(/more\.tf/);
    });

    test("checkov", async () => {
      const items = withCarelessness(readItems(folder));
      const plan = await planJson(present(parts.terraform), module, { items, userData: userData(folder) });
      const found = await findingsInPlan(present(parts.checkov).path, plan, join(scratch, "plan.json"));
      const checks = [...new Set(found.map((finding) => finding.split(" ")[0]))];
      const wanted = ["CKV_AWS_158", "CKV_AWS_210", "CKV_AWS_338", "CKV_AWS_341", "CKV_AWS_79", "CKV_AWS_88"];
      expect(checks).toEqual(wanted);
    });

    test("cfn-lint", async () => {
      const found = (await cloudFormationProblems(withMistakes(readItems(folder)))).join("\n");
      expect(found).toMatch(/E3030 'half-managed' is not one of/i);
      expect(found).toMatch(/E3030 31 is not one of/);
      expect(found).toMatch(/E3002 .*'SharedMemory' was unexpected/);
    });

    test("botocore", async () => {
      const containers = { "batch-validation-job": { image: "x", vCpus: 1 }, "batch-processing-job": { image: 1 } };
      const found = (await apiProblems(apiCalls(readItems(folder), containers))).join("\n");
      expect(found).toContain('Unknown parameter in containerProperties: "vCpus"');
      expect(found).toContain("Invalid type for parameter containerProperties.image");
    });
  });

  async function validate(folder: string): Promise<void> {
    await run(present(parts.terraform).path, ["validate", "-no-color"], {
      cwd: folder,
      env: module.env,
      timeLimitSeconds: 600,
    });
  }

  async function format(folder: string): Promise<void> {
    const { path, env } = present(parts.terraform);
    await run(path, ["fmt", "-check", "-recursive", folder], { env });
  }

  async function cloudFormationProblems(items: Items): Promise<readonly string[]> {
    const file = join(mkdtempSync(join(scratch, "cloudformation-")), "template.json");
    writeFileSync(file, JSON.stringify(cloudFormationTemplate(items)));
    // Any exit code below 32 is a sum of what was found, by severity.
    const accept = Array.from({ length: 31 }, (_, code) => code);
    const args = ["--format", "json", "--regions", "us-east-1", "--", file];
    const { stdout } = await run(present(parts["cfn-lint"]).path, args, { accept });
    return JSON.parse(stdout).map(({ Rule, Message }: Json) => `${Rule.Id} ${Message}`);
  }

  async function apiProblems(calls: readonly Call[]): Promise<readonly string[]> {
    const file = join(mkdtempSync(join(scratch, "calls-")), "calls.json");
    writeFileSync(file, JSON.stringify(calls));
    const script = join(import.meta.dirname, "static", "apiProblems.py");
    const { stdout } = await run(join(present(parts.botocore).programs, "python"), ["-B", script, file]);
    return JSON.parse(stdout);
  }
});

function moduleFiles(generated: string): Readonly<Record<string, string>> {
  const folder = join(generated, "terraform-aws-batch", "batch");
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

function onBothLogGroups(check: string): string[] {
  return ["processing", "validation"].map((purpose) => `${check} aws_cloudwatch_log_group.batch["${purpose}"]`);
}

/** What the module makes of the documents' container properties, by document. */
function containerProperties(plan: Json): Readonly<Record<string, Json>> {
  const made = (resource: string) =>
    JSON.parse(planned(plan, `aws_batch_job_definition.${resource}`).container_properties);
  return { "batch-validation-job": made("batch_validation_job"), "batch-processing-job": made("batch_processing_job") };
}
