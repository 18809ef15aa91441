import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type UnitName, unitNames } from "../../src/model/units.ts";
import { generate } from "./generate.ts";
import { awsProvider6 } from "./parts/awsProvider6.ts";
import { present, reasonsToSkip } from "./parts/part.ts";
import { type Resource, readResource } from "./provider/declarations.ts";
import { moduleProblems } from "./provider/moduleProblems.ts";

const resourceFolders = [
  "batch-compute-environment",
  "batch-job-definition",
  "batch-job-queue",
  "cloudwatch-dashboard",
  "cloudwatch-event-rule",
  "cloudwatch-event-target",
  "cloudwatch-log-group",
  "cloudwatch-log-resource-policy",
  "cloudwatch-metric-alarm",
  "iam-instance-profile",
  "iam-role",
  "iam-role-policy",
  "iam-role-policy-attachment",
  "lambda-function",
  "launch-template",
  "security-group",
  "sfn-state-machine",
  "sns-topic",
  "sns-topic-policy",
  "sns-topic-subscription",
  "sqs-queue",
  "sqs-queue-policy",
  "vpc-security-group-egress-rule",
  "vpc-security-group-ingress-rule",
];
const parts = { "AWS provider 6": await awsProvider6(resourceFolders) };
const absent = reasonsToSkip(parts);
for (const reason of absent) console.warn(`skipped for want of ${reason}`);

describe.skipIf(absent.length > 0)("version 6 of the AWS provider", () => {
  const scratch = mkdtempSync(join(tmpdir(), "gen-batch-config-provider-"));
  let resources: ReadonlyMap<string, Resource>;

  beforeAll(() => {
    const { folder } = present(parts["AWS provider 6"]);
    resources = new Map(
      resourceFolders.map((name) => [`aws_${name.replaceAll("-", "_")}`, readResource(folder, name)]),
    );
  });
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  test.each(unitNames)(
    "has every argument and attribute that the module %s uses, and gets all that it requires",
    async (unit) => {
      expect(await moduleProblems(await moduleFor(6, unit), resources)).toEqual([]);
    },
  );

  test("would refuse the module for version 5", async () => {
    const why = "has compute_environment_name, which does not exist";
    expect(await moduleProblems(await moduleFor(5, "batch"), resources)).toEqual([
      `aws_batch_compute_environment.batch_compute ${why}`,
      `aws_batch_compute_environment.batch_compute_fallback ${why}`,
    ]);
  });

  test("would refuse a block or attribute that it does not know, and miss what it requires", async () => {
    const folder = mkdtempSync(join(scratch, "faults-"));
    writeFileSync(
      join(folder, "main.tf"),
      `resource "aws_batch_job_queue" "queue" {
  name                 = aws_batch_compute_environment.first.title
  compute_environments = []

  dynamic "compute_environment_order" {
    for_each = [1]

    content {
      order = 1
      rank  = 2
    }
  }
}
`,
    );
    expect(await moduleProblems(folder, resources)).toEqual([
      "aws_batch_compute_environment.first.title is not there to be read",
      "aws_batch_job_queue.queue has compute_environments, which does not exist",
      "aws_batch_job_queue.queue lacks priority",
      "aws_batch_job_queue.queue lacks state",
      "aws_batch_job_queue.queue.compute_environment_order has rank, which does not exist",
      "aws_batch_job_queue.queue.compute_environment_order lacks compute_environment",
    ]);
  });

  async function moduleFor(major: 5 | 6, unit: UnitName): Promise<string> {
    const config = join(scratch, `provider-${major}.yaml`);
    writeFileSync(config, `prefix: gss-dev\naws_provider: ${major}\n`);
    const generated = join(scratch, `provider-${major}`);
    await generate(["--config", config], generated);
    return join(generated, "terraform-aws-batch", unit);
  }
});
