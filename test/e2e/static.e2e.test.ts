import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
import { type Items, readItems, unusedKeys, withFaults, withRefusedKeys } from "./static/items.ts";
import { initModule, type Module, planJson, planned, userData } from "./static/offlinePlan.ts";

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

/** What checkov asks for and the default does not do, and why. A test holds that each is still asked for. */
const notDoneByDefault: Readonly<Record<string, string>> = {
  CKV_AWS_338:
    "The design document keeps logs for 30 days. They hold no record of what happened to the data: reports in S3 do. " +
    "log_groups.*.retention_in_days changes it.",
  CKV_AWS_158:
    "CloudWatch Logs encrypts with a key of its own. A customer's key has to exist first, and its policy has to let Logs " +
    "use it. log_groups.*.kms_key_id names one.",
};

const configs = {
  "the default": ["--prefix", "gss-dev"],
  "every option": ["--config", join(import.meta.dirname, "static", "every-option.yaml")],
};

describe.skipIf(absent.length > 0)("static checks", () => {
  const scratch = mkdtempSync(join(tmpdir(), "gen-batch-config-static-"));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  for (const [name, args] of Object.entries(configs)) {
    describe(`find nothing in what ${name} gives`, () => {
      const generated = join(scratch, name);
      let items: Items;
      let module: Module;
      let plan: Json;

      beforeAll(async () => {
        await generate(args, generated);
        items = name === "every option" ? withRefusedKeys(readItems(generated)) : readItems(generated);
        module = await initModule(present(parts.terraform), generated, join(scratch, `module of ${name}`));
      });

      test("shellcheck", async () => {
        await run(present(parts.shellcheck).path, [join(generated, "batch_user_data.sh")]);
      });

      test("terraform fmt", async () => {
        await format(generated);
      });

      test("terraform validate", async () => {
        await run(present(parts.terraform).path, ["validate"], { cwd: module.folder, env: module.env });
      });

      test("terraform plan", async () => {
        plan = await planJson(present(parts.terraform), module, { items, userData: userData(generated) });
        expect(plan.resource_changes.map(({ change }: Json) => change.actions)).toEqual(Array(8).fill(["create"]));
      });

      test("checkov, in the plan", async () => {
        const found = await findingsInPlan(present(parts.checkov).path, plan, join(scratch, `plan of ${name}.json`));
        const wanted = name === "every option" ? [] : Object.keys(notDoneByDefault).flatMap(onBothLogGroups);
        expect(found).toEqual(wanted.sort());
      });

      test("checkov, in the module without its inputs", async () => {
        expect(await findingsInModule(present(parts.checkov).path, join(generated, "terraform-aws-batch"))).toEqual([]);
      });

      test("cfn-lint, in the documents as CloudFormation", async () => {
        expect(await cloudFormationProblems(items)).toEqual([]);
      });

      test("botocore, in the documents as calls of the API", async () => {
        expect(await apiProblems(apiCalls(items, containerProperties(plan)))).toEqual([]);
      });
    });
  }

  test("every key of the schemas is in the documents that are checked", async () => {
    const generated = join(scratch, "every option");
    // The module refuses desired_vcpus, which belongs to AWS Batch.
    expect(unusedKeys(withRefusedKeys(readItems(generated))).filter((key) => !/\.(\$schema|desired_vcpus)$/.test(key))).toEqual([]);
  });

  describe("find what is wrong", () => {
    const generated = join(scratch, "faults");
    let items: Items;

    beforeAll(async () => {
      await generate(configs["the default"], generated);
      items = withFaults(readItems(generated));
    });

    test("shellcheck", async () => {
      const script = join(scratch, "faults.sh");
      writeFileSync(script, `${readFileSync(join(generated, "batch_user_data.sh"), "utf8")}rm -r $1/cache\n`);
      const { stdout } = await run(present(parts.shellcheck).path, [script], { accept: [1] });
      expect(stdout).toContain("SC2086");
    });

    test("terraform fmt", async () => {
      const folder = join(scratch, "unformatted");
      cpSync(join(generated, "terraform-aws-batch"), folder, { recursive: true });
      writeFileSync(join(folder, "batch", "more.tf"), 'output   "x" {\nvalue = 1\n}\n');
      await expect(format(folder)).rejects.toThrow(/more\.tf/);
    });

    test("terraform validate", async () => {
      const module = await initModule(present(parts.terraform), generated, join(scratch, "invalid"));
      const file = join(module.folder, "job-queue.tf");
      writeFileSync(file, readFileSync(file, "utf8").replace("priority", "urgency"));
      const validate = run(present(parts.terraform).path, ["validate", "-no-color"], { cwd: module.folder, env: module.env });
      await expect(validate).rejects.toThrow(/"urgency"/);
    });

    test("checkov", async () => {
      const module = await initModule(present(parts.terraform), generated, join(scratch, "module of faults"));
      // What the provider itself refuses is left as it was.
      const { "log-groups": groups, "compute-environment": environment } = readItems(generated);
      const job = { ...items["batch-processing-job"], timeout: { attempt_duration_seconds: 60 } };
      job.container_properties.linux_parameters.shared_memory_size = 64;
      const unkept = Object.fromEntries(
        Object.entries<Json>(groups).map(([purpose, { retention_in_days, ...group }]) => [purpose, group]),
      );
      const planable = { ...items, "compute-environment": environment, "batch-processing-job": job, "log-groups": unkept };
      const secret = `${userData(generated)}export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYAB\n`;
      const plan = await planJson(present(parts.terraform), module, { items: planable, userData: secret });
      const found = await findingsInPlan(present(parts.checkov).path, plan, join(scratch, "plan of faults.json"));
      expect([...new Set(found.map((finding) => finding.split(" ")[0]))]).toEqual(
        ["CKV_AWS_158", "CKV_AWS_210", "CKV_AWS_338", "CKV_AWS_341", "CKV_AWS_66", "CKV_AWS_79", "CKV_AWS_88"],
      );
    });

    test("cfn-lint", async () => {
      const found = await cloudFormationProblems(items);
      const inDocuments = ["HALF-MANAGED", "31 is not one of", "64 MiB"];
      for (const text of inDocuments) expect(found.join("\n")).toContain(text);
    });

    test("botocore", async () => {
      const container = { ...items["batch-processing-job"].container_properties, image: 1 };
      const calls = apiCalls(items, { "batch-validation-job": { image: "x", vCpus: 1 }, "batch-processing-job": container });
      const found = (await apiProblems(calls)).join("\n");
      expect(found).toContain('Unknown parameter in containerProperties: "vCpus"');
      expect(found).toContain("Invalid type for parameter containerProperties.image");
    });
  });

  async function format(folder: string): Promise<void> {
    const { path, env } = present(parts.terraform);
    await run(path, ["fmt", "-check", "-recursive", folder], { env });
  }

  async function cloudFormationProblems(items: Items): Promise<readonly string[]> {
    const folder = mkdtempSync(join(scratch, "cloudformation-"));
    const file = join(folder, "template.json");
    writeFileSync(file, JSON.stringify(cloudFormationTemplate(items)));
    // Any exit code below 32 is a sum of what was found, by severity.
    const accept = Array.from({ length: 31 }, (_, code) => code);
    const args = ["--format", "json", "--regions", "us-east-1", "--", file];
    const { stdout } = await run(present(parts["cfn-lint"]).path, args, { accept });
    return JSON.parse(stdout).map(({ Rule, Message }: Json) => `${Rule.Id} ${Message}`);
  }

  async function apiProblems(calls: readonly Call[]): Promise<readonly string[]> {
    const folder = mkdtempSync(join(scratch, "calls-"));
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "calls.json");
    writeFileSync(file, JSON.stringify(calls));
    const script = join(import.meta.dirname, "static", "apiProblems.py");
    const { stdout } = await run(join(present(parts.botocore).programs, "python"), ["-B", script, file]);
    return JSON.parse(stdout);
  }
});

function onBothLogGroups(check: string): string[] {
  return ["processing", "validation"].map((purpose) => `${check} aws_cloudwatch_log_group.batch["${purpose}"]`);
}

/** What the module makes of the documents' container properties, by document. */
function containerProperties(plan: Json): Readonly<Record<string, Json>> {
  const made = (resource: string) => JSON.parse(planned(plan, `aws_batch_job_definition.${resource}`).container_properties);
  return { "batch-validation-job": made("batch_validation_job"), "batch-processing-job": made("batch_processing_job") };
}
