import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from "vitest";
import { boundDocument, editDocument, type PlaceholderValues } from "./documents.ts";
import { type Documents, expectAccountToHold } from "./expectAccount.ts";
import { assembleLiveTree, noChanges, planAll, planUnit, type RunTerragrunt, terragruntRunner } from "./live.ts";
import { type Emulator, emulatorSource, startEmulator } from "./parts/emulator.ts";
import { present, reasonsToSkip } from "./parts/part.ts";
import { repositoryRoot } from "./parts/paths.ts";
import { run } from "./parts/run.ts";
import { terraform } from "./parts/terraform.ts";
import { terragrunt } from "./parts/terragrunt.ts";
import { type Account, readBack } from "./readBack.ts";
import { dataBucket, functionPackageKey } from "./system/deployedSystem.ts";
import { everythingIn } from "./system/everythingIn.ts";
import { functionPackage } from "./system/functionPackage.ts";
import { Storage } from "./system/storage.ts";
import { unknownToTerragrunt060 } from "./terragrunt060.ts";

// Gathered before the tests are listed: an install may take minutes, and what is absent decides whether they run.
const parts = { terraform: await terraform(), terragrunt: await terragrunt(), "AWS emulator": await emulatorSource() };
const absent = reasonsToSkip(parts);
for (const reason of absent) console.warn(`skipped for want of ${reason}`);

const firstEnvironment = "aws_batch_compute_environment.batch_compute";
const fallbackEnvironment = 'aws_batch_compute_environment.batch_compute_fallback["fallback"]';
const launchTemplate = "aws_launch_template.batch";
const companions = ["iam-roles", "lambda", "monitoring", "security-groups", "step-function"];

describe.skipIf(absent.length > 0)("what gen-batch-config --prefix gss-dev writes", () => {
  let scratch: string;
  let generated: string;
  let tree: string;
  let emulator: Emulator;
  let tg: RunTerragrunt;
  let before: Readonly<Record<string, number>>;
  let plans: Awaited<ReturnType<typeof planAll>>;

  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), "gen-batch-config-e2e-"));
    tree = join(scratch, "live");
    emulator = await startEmulator(present(parts["AWS emulator"]));
    await emulator.reset();
    tg = terragruntRunner({ terragrunt: present(parts.terragrunt), terraform: present(parts.terraform), emulator });
    generated = await generate(scratch);
    assembleLiveTree({ generated, into: tree });
    await putFunctionPackage();
    before = await everythingIn(emulator.url);
  });

  afterAll(async () => {
    await emulator?.stop();
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  });

  // Each step stands on the ones before it.
  let failed = false;
  beforeEach(({ skip }) => {
    if (failed) skip("an earlier step failed");
    onTestFailed(() => {
      failed = true;
    });
  });

  test("is formatted as Terragrunt formats it", async () => {
    const check = ["hcl", "fmt", "--check", "--diff"];
    await tg(check, { cwd: generated });
    await tg(check, { cwd: tree });
  });

  test("says nothing that Terragrunt 0.60 does not know", async () => {
    expect(await unknownToTerragrunt060(generated)).toEqual([]);
  });

  test("is valid, and gives the module the inputs that it takes and no others", async () => {
    await inTree("hcl", "validate");
    await inTree("hcl", "validate", "--inputs", "--strict");
  });

  test("plans before anything exists that it depends on", async () => {
    plans = await planAll(tg, tree);
    expect(plans.get("batch")).toEqual({
      ...noChanges,
      create: [
        firstEnvironment,
        fallbackEnvironment,
        "aws_batch_job_definition.batch_processing_job",
        "aws_batch_job_definition.batch_validation_job",
        "aws_batch_job_queue.batch_processing_queue",
        'aws_cloudwatch_log_group.batch["processing"]',
        'aws_cloudwatch_log_group.batch["validation"]',
        launchTemplate,
      ],
    });
  });

  test("plans nothing but what is new in every companion", async () => {
    for (const unit of companions) {
      const { create = [], ...others } = plans.get(unit) ?? {};
      expect({ unit, resources: create.length > 0, ...others }).toEqual({
        unit,
        resources: true,
        update: [],
        replace: [],
        delete: [],
      });
    }
  });

  test("applies, and the account holds what the documents say", async () => {
    await inTree("run", "--all", "--", "apply");
    await expectDocumentsInAccount();
  });

  test("plans no change after that", async () => {
    // With this flag exit code 2 means that something would change, be it an output.
    await inTree("run", "--all", "--", "plan", "-detailed-exitcode");
  });

  test("changes vCPUs, instance types and the launch template in place", async () => {
    editDocument(tree, "compute-environment", ({ compute_resources: resources }) => {
      resources.max_vcpus = 128;
      resources.instance_types = ["c5.4xlarge", "m5.2xlarge"];
    });
    editDocument(tree, "launch-template", (document) => {
      document.block_device_mappings[0].ebs.volume_size = 200;
    });
    const account = await expectInPlaceChange([firstEnvironment, fallbackEnvironment, launchTemplate]);
    const { computeResources } = environment(account, "gss-dev-batch-compute");
    expect(computeResources?.maxvCpus).toBe(128);
    expect(computeResources?.instanceTypes?.toSorted()).toEqual(["c5.4xlarge", "m5.2xlarge"]);
    // The environments take the new version of the template.
    const versions = account.computeEnvironments.map((one) => one.computeResources?.launchTemplate?.version);
    expect(versions).toEqual(["2", "2"]);
  });

  test("is destroyed without a trace", async () => {
    await inTree("run", "--all", "--", "destroy");
    expect(await readBack(emulator.url)).toEqual({
      computeEnvironments: [],
      jobQueues: [],
      jobDefinitions: [],
      logGroups: [],
    });
    // The service-linked role is AWS's own, and stays.
    expect(await everythingIn(emulator.url)).toEqual({ ...before, roles: (before.roles ?? 0) + 1 });
  });

  /** Somebody has put it there before the lambda unit is applied. */
  async function putFunctionPackage(): Promise<void> {
    const storage = new Storage(emulator.url, dataBucket);
    await storage.createBucket();
    await storage.put(functionPackageKey, await functionPackage(join(scratch, "function")));
    storage.close();
  }

  function inTree(...args: readonly string[]): ReturnType<RunTerragrunt> {
    return tg(args, { cwd: tree });
  }

  async function expectInPlaceChange(addresses: readonly string[]): Promise<Account> {
    const unit = join(tree, "batch");
    expect(await planUnit(tg, unit)).toEqual({ ...noChanges, update: addresses });
    await tg(["run", "--", "apply", "-auto-approve"], { cwd: unit });
    await tg(["run", "--", "plan", "-detailed-exitcode"], { cwd: unit });
    return expectDocumentsInAccount();
  }

  async function expectDocumentsInAccount(): Promise<Account> {
    const account = await readBack(emulator.url);
    expectAccountToHold(account, boundDocuments(tree));
    return account;
  }
});

/** The folder of a freshly generated module; GENERATED_DIR names one to be tried instead. */
async function generate(scratch: string): Promise<string> {
  const given = process.env.GENERATED_DIR;
  if (given !== undefined && given !== "") return given;
  const folder = join(scratch, "generated");
  await run(process.execPath, [join(repositoryRoot, "dist", "cli.js"), "--prefix", "gss-dev", "--out", folder], {
    cwd: scratch,
  });
  return folder;
}

function boundDocuments(tree: string): Documents {
  const values = placeholderValues(tree);
  const document = (name: string) => boundDocument(tree, name, values);
  return {
    computeEnvironment: document("compute-environment"),
    jobQueue: document("job-queue"),
    jobDefinitions: [document("batch-validation-job"), document("batch-processing-job")],
    logGroups: document("log-groups"),
  };
}

/** What Terragrunt should have put in the place of each placeholder: outputs of the other units, and the config's defaults. */
function placeholderValues(tree: string): PlaceholderValues {
  const roles = outputs(tree, "iam-roles").role_arn as Record<string, string>;
  const groups = outputs(tree, "security-groups").security_group_ids as Record<string, string>;
  return {
    PREFIX: "gss-dev",
    AWS_REGION: "us-east-1",
    SUBNETS: outputs(tree, "vpc").private_subnets,
    VPC_ID: outputs(tree, "vpc").vpc_id,
    SCM_BATCH_PROCESSOR_BATCH_SG: groups["scm-batch-processor-batch"],
    SCM_BATCH_PROCESSOR_BATCH_ROLE: roles["scm-batch-processor-batch-role"],
    SCM_BATCH_PROCESSOR_BATCH_INSTANCE_ROLE: roles["scm-batch-processor-batch-instance-role"],
    SCM_BATCH_PROCESSOR_BATCH_JOB_ROLE: roles["scm-batch-processor-batch-job-role"],
    MSK_BROKERS: outputs(tree, "msk").bootstrap_brokers_sasl_iam,
    MSK_TOPIC: "gss-dev-records",
    SQS_CORE_QUEUE: outputs(tree, "sqs").queue_url,
    RECORD_DESTINATION: "kafka",
    S3_BUCKET: "gss-dev-batch-data",
    TAGS: {},
  };
}

function outputs(tree: string, unit: string): Record<string, unknown> {
  const state = JSON.parse(readFileSync(join(tree, ".state", unit, "terraform.tfstate"), "utf8"));
  return Object.fromEntries(
    Object.entries<{ value: unknown }>(state.outputs).map(([name, { value }]) => [name, value]),
  );
}

function environment(account: Account, name: string): Account["computeEnvironments"][number] {
  const found = account.computeEnvironments.find(({ computeEnvironmentName }) => computeEnvironmentName === name);
  if (found === undefined) throw new Error(`no compute environment ${name}`);
  return found;
}
