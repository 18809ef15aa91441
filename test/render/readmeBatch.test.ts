import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { resolveModel } from "../../src/config/resolveModel.ts";
import { render } from "../../src/render/render.ts";
import { configSource } from "../documents/configSource.ts";

type Data = Readonly<Record<string, unknown>>;

function generated(config: Data): ReadonlyMap<string, string> {
  return new Map(render(resolveModel(configSource(config))).map(({ path, text }) => [path, text]));
}

function readmeOf(config: Data): string {
  return generated(config).get("README-batch.md") ?? "";
}

function shellBlocks(readme: string): readonly string[] {
  return [...readme.matchAll(/```bash\n([\s\S]*?)```/g)].map((match) => match[1] as string);
}

/** The commands of all blocks, each on one line, with the words that the shell would give to the program. */
function commandsOf(readme: string): readonly (readonly string[])[] {
  const lines = shellBlocks(readme).join("\n").replaceAll("\\\n", " ").split("\n");
  return lines.filter((line) => line.startsWith("aws ")).map(wordsOf);
}

function wordsOf(line: string): readonly string[] {
  const words = line.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
  return words.map((word) => word.replaceAll(/['"]/g, ""));
}

function valuesOf(readme: string, option: string): readonly string[] {
  const values = commandsOf(readme).flatMap((words) => {
    const at = words.indexOf(option);
    const rest = at < 0 ? [] : words.slice(at + 1);
    const end = rest.findIndex((word) => word.startsWith("--"));
    return end < 0 ? rest : rest.slice(0, end);
  });
  return [...new Set(values)].sort();
}

const companions = ["iam_roles", "security_groups", "lambda", "step_function", "monitoring"];
const alone = { companions: Object.fromEntries(companions.map((companion) => [companion, false])) };

const configs: readonly (readonly [string, Data])[] = [
  ["the default", {}],
  ["a late prefix", { late_prefix: true }],
  ["no fallback", { compute_environment: { fallback: null } }],
  ["no companions", alone],
  ...companions.map((companion): readonly [string, Data] => [
    `no ${companion}`,
    { companions: { [companion]: false } },
  ]),
  ["names of the user's", { job_queue: { name: "my-queue" }, lambda_function: { name: "my_function" } }],
  ["alarm actions alone", { alarm_actions: ["arn:aws:sns:us-east-1:123456789012:on-call"] }],
  ["a bucket that Terragrunt knows", { placeholders: { S3_BUCKET: { expression: "dependency.s3.outputs.name" } } }],
];

describe.each(configs)("the README of the module with %s", (_, config) => {
  const readme = readmeOf(config);

  test("has shell blocks that bash parses", () => {
    const blocks = shellBlocks(readme);
    expect(blocks.length).toBeGreaterThan(7);
    for (const block of blocks) {
      const { status, stderr } = spawnSync("bash", ["-n"], { input: block, encoding: "utf8" });
      expect([status, stderr]).toEqual([0, ""]);
    }
  });

  test("leaves no placeholder and no empty name in a command", () => {
    for (const words of commandsOf(readme)) {
      expect(words).not.toContain("");
      expect(words.join(" ")).not.toMatch(/\$\{(?!account\})/);
    }
  });

  test("has tables of which every row has as many cells as its head", () => {
    const rows = readme.split("\n").filter((line) => line.startsWith("|"));
    expect(rows.length).toBeGreaterThan(50);
    let head = 0;
    for (const [index, line] of readme.split("\n").entries()) {
      if (!line.startsWith("|")) {
        head = 0;
        continue;
      }
      const cells = line.replaceAll("\\|", "").split("|").length;
      if (head === 0) head = cells;
      expect(cells, `line ${index + 1}: ${line}`).toBe(head);
    }
  });

  test("has no heading without text below it", () => {
    expect(readme).not.toMatch(/^#+ .*\n+#/m);
  });
});

describe("the names in the commands", () => {
  const files = generated({});
  const readme = files.get("README-batch.md") ?? "";
  const document = (path: string) => JSON.parse((files.get(path) ?? "").replaceAll(/: \$\{[A-Z_]+\}/g, ": []"));

  test.each([
    ["--job-queue", "batch-json/job-queue.json"],
    ["--job-queues", "batch-json/job-queue.json"],
    ["--compute-environment", "batch-json/compute-environment.json"],
  ])("%s is that of %s", (option, path) => {
    expect(valuesOf(readme, option)).toEqual([document(path).name]);
  });

  test("are those of both environments and job definitions", () => {
    const { name, fallback } = document("batch-json/compute-environment.json");
    expect(valuesOf(readme, "--compute-environments")).toEqual([name, fallback.name]);
    const jobs = ["processing", "validation"].map((job) => document(`batch-json/batch-${job}-job.json`).name);
    expect(valuesOf(readme, "--job-definitions")).toEqual(jobs);
  });

  test("are those of the roles and the instance profile", () => {
    const roles = Object.keys(document("iam-roles-json/iam-roles.json")).map((key) => `gss-dev-${key}`);
    expect(valuesOf(readme, "--role-name")).toEqual(roles.sort());
    const profile = "gss-dev-scm-batch-processor-batch-instance-role";
    expect(valuesOf(readme, "--instance-profile-name")).toEqual([profile]);
  });

  test("are those of the log groups of jobs, function, state machine and events", () => {
    const ofJobs = Object.values(document("batch-json/log-groups.json")).map(
      (group) => (group as { name: string }).name,
    );
    const fn = document("lambda-json/lambda-function.json").name;
    const machine = document("step-function-json/state-machine-settings.json").name;
    const others = [`/aws/lambda/${fn}`, `/aws/vendedlogs/states/${machine}`, "/aws/events/gss-dev-batch"];
    expect(valuesOf(readme, "--log-group-name")).toEqual([...ofJobs, ...others].sort());
  });

  test("of state machine and execution are ARNs of the state machine", () => {
    const machine = document("step-function-json/state-machine-settings.json").name;
    const assigned = (name: string) => wordsOf(new RegExp(`^${name}=(.+)$`, "m").exec(readme)?.[1] ?? "")[0];
    expect(assigned("state_machine")).toBe(`arn:aws:states:us-east-1:\${account}:stateMachine:${machine}`);
    expect(assigned("execution")).toBe(`arn:aws:states:us-east-1:\${account}:execution:${machine}:orders-1`);
  });

  test("of the package of the function is where the function reads it from", () => {
    const { s3_key } = document("lambda-json/lambda-function.json").package;
    expect(readme).toContain(`aws s3 cp workers/dist/lambda.zip 's3://gss-dev-batch-data/${s3_key}'`);
  });

  test("of dashboard, topic and dead-letter queue are those that the module makes", () => {
    const module = [...files].filter(([path]) => path.startsWith("terraform-aws-batch/monitoring/")).join("\n");
    expect(module).toContain('name = "${var.prefix}-batch"');
    for (const end of ["-alarms", "-alarms-dead-letter"]) {
      expect(module).toContain(`"\${local.name}${end}"`);
      expect(readme).toContain(`\`gss-dev-batch${end}\``);
    }
    expect(valuesOf(readme, "--dashboard-name")).toEqual(["gss-dev-batch"]);
    expect(readme).toContain("aws sqs get-queue-url --queue-name 'gss-dev-batch-alarms-dead-letter' ");
  });
});

test("every alarm and event rule is named with its meaning", () => {
  const files = generated({});
  const readme = files.get("README-batch.md") ?? "";
  for (const path of ["monitoring-json/alarms.json", "monitoring-json/event-rules.json"]) {
    const entries: Readonly<Record<string, { name: string }>> = JSON.parse(files.get(path) ?? "");
    for (const { name } of Object.values(entries)) expect(readme).toMatch(new RegExp(`^\\| \`${name}\` \\| \\S`, "m"));
  }
});

describe("a unit that is left out", () => {
  test("has no names in the README", () => {
    const readme = readmeOf(alone);
    for (const name of [
      "gss-dev-batch-record-processor",
      "gss-dev-batch-pipeline",
      "gss-dev-batch-alarms",
      "gss-dev-scm",
    ]) {
      expect(readme).not.toContain(name);
    }
  });

  test("becomes a unit of the user's, with the outputs that are needed of it", () => {
    const readme = readmeOf({ companions: { step_function: false } });
    expect(readme).toMatch(/^`\.\.\/step-function`:$/m);
    expect(readme).toContain("`dependency.step_function.outputs.state_machine_arn`");
    expect(readmeOf({})).not.toMatch(/^`\.\.\/step-function`:$/m);
  });
});

test("text of the user's stays text", () => {
  const nasty = "| a `b` <script>alert(1)</script> | $(id) [x](y)";
  const readme = readmeOf({ alarms: { "failed-jobs": { description: nasty } } });
  expect(readme).toContain("\\| a \\`b\\` \\<script\\>alert(1)\\</script\\> \\| $(id) \\[x\\](y)");
});
