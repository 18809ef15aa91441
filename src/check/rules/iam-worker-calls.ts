import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { type WorkerCall, workerOf, workers } from "../../shared/contract.ts";
import { type Caller, callersOf, makes } from "../rules-support/callers.ts";
import { allows, coversAction, type Grant, grantsOf } from "../rules-support/policies.ts";
import { jobOf } from "../rules-support/settingsOf.ts";

const jobRole = "scm-batch-processor-batch-job-role";
const lambdaRole = "scm-batch-processor-lambda-role";
const policies = (role: string, ...actions: readonly string[]) => ({
  "iam-roles.json": {
    [role]: {
      inline_policies: {
        more: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: actions, Resource: ["arn:aws:sqs:us-east-1:123456789012:orders"] }],
        },
      },
    },
  },
});
const only = (role: string, resource: string, ...actions: readonly string[]) => ({
  "iam-roles.json": {
    [role]: {
      inline_policies: {
        [role === jobRole ? "workers" : "worker"]: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: actions, Resource: [resource] }],
        },
      },
    },
  },
});
const kafka = ["kafka-cluster:Connect", "kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"];
const s3 = ["s3:GetObject", "s3:ListBucket", "s3:PutObject", "s3:AbortMultipartUpload"];

export const iamWorkerCalls = defineRule({
  id: "iam-worker-calls",
  severity: "error",
  summary: "A role allows what its worker calls under its settings, and nothing else.",
  why:
    "A call that the role does not allow is rejected when the job runs, after the instance was started and " +
    "the file read. An action that the worker never calls only helps someone who gets the worker to do " +
    "something else.",
  source: "schemas/worker-contract.json; the end-to-end test runs with these permissions and enforces them",
  examples: {
    good: [
      {
        shows: "records that go to a queue, with permission to send to it",
        documents: {
          ...policies(jobRole, "sqs:SendMessage", "sqs:GetQueueAttributes"),
        },
      },
      {
        shows: "a managed policy, whose contents are not known here",
        documents: {
          "iam-roles.json": {
            [jobRole]: {
              inline_policies: null,
              managed_policy_arns: ["arn:aws:iam::123456789012:policy/batch-workers"],
            },
          },
        },
      },
    ],
    bad: [
      { shows: "no permissions at all", documents: { "iam-roles.json": { [jobRole]: { inline_policies: null } } } },
      {
        shows: "no permissions for the brokers",
        documents: { ...only(jobRole, "arn:aws:s3:::${S3_BUCKET}/*", ...s3) },
      },
      {
        shows: "a function whose files are in another bucket",
        documents: {
          // Exactly what the function calls: only the resource is wrong.
          ...only(lambdaRole, "arn:aws:s3:::returns-data/*", "s3:GetObject", "s3:ListBucket", "s3:PutObject", ...kafka),
          "lambda-function.json": { environment: { S3_BUCKET: "orders-data" } },
        },
        also: ["one-destination"],
      },
      { shows: "an action that no worker calls", documents: policies(jobRole, "sqs:PurgeQueue") },
      { shows: "a function that may read secrets", documents: policies(lambdaRole, "secretsmanager:GetSecretValue") },
      {
        shows: "a function in a VPC that may not join it",
        documents: {
          "iam-roles.json": { [lambdaRole]: { inline_policies: { function: null } } },
        },
      },
    ],
  },
  *check(subject) {
    for (const callers of byRole(subject)) {
      yield* missing(callers);
      yield* superfluous(callers, subject);
    }
  },
});

type Callers = readonly [Caller, ...Caller[]];

function byRole(subject: Subject): readonly Callers[] {
  const groups = new Map<string, [Caller, ...Caller[]]>();
  for (const caller of callersOf(subject)) {
    const id = `${caller.role.document.path}#${caller.role.pointer}`;
    const group = groups.get(id);
    if (group) group.push(caller);
    else groups.set(id, [caller]);
  }
  return [...groups.values()];
}

interface Call extends Pick<WorkerCall, "action" | "why"> {
  readonly resource?: string;
}

function* missing(callers: Callers): Iterable<Finding> {
  const { role } = callers[0];
  // What a managed policy allows is not known here.
  if ((role.role.managed_policy_arns ?? []).length > 0) return;
  const grants = grantsOf(role);
  const lacking = new Map<string, { readonly call: Call; readonly caller: Caller }>();
  for (const caller of callers) {
    for (const call of lackingOf(caller, grants)) {
      if (!lacking.has(call.action)) lacking.set(call.action, { call, caller });
    }
  }
  for (const { call, caller } of lacking.values()) {
    yield {
      document: role.document,
      pointer: `${role.pointer}/inline_policies`,
      ...(role.role.inline_policies && { found: grants.flatMap(({ actions }) => actions) }),
      expected: `${call.action} as well, which ${caller.name} calls${call.resource === undefined ? "" : ` on ${call.resource}`}`,
      hint: `allow it (${lowerFirst(call.why).replace(/\.$/, "")})`,
    };
  }
}

function lackingOf(caller: Caller, grants: readonly Grant[]): readonly Call[] {
  const { worker } = caller;
  if (worker === undefined) return [];
  const own = lambdaCalls(caller).filter(({ needed }) => needed);
  // When only Terragrunt knows the destination, one of them has to be allowed, with all its calls.
  const [fewest = []] = destinationsOf(caller)
    .map((destination) => {
      const value = (name: string) => (name === "RECORD_DESTINATION" ? destination : caller.value(name));
      const certain = worker.calls.filter((call) => makes({ value }, call) === "always").map(onBucket(caller));
      return [...certain, ...own].filter((call) => !isAllowed(call, grants));
    })
    .sort((one, other) => one.length - other.length);
  return fewest;
}

function destinationsOf({ value }: Caller): readonly string[] {
  const known = value("RECORD_DESTINATION");
  return known === undefined ? (workerOf("processing").lambda?.choices.RECORD_DESTINATION ?? []) : [known];
}

/** Names the bucket of a call, if it is known. */
function onBucket({ value }: Caller) {
  return (call: WorkerCall): Call => {
    const name = value("S3_BUCKET");
    const { action, why } = call;
    if (name === undefined || !action.startsWith("s3:")) return { action, why };
    return { action, why, resource: `arn:aws:s3:::${name}${call.resource === "objects" ? "/*" : ""}` };
  };
}

function isAllowed({ action, resource }: Call, grants: readonly Grant[]): boolean {
  const covering = grants.filter((grant) => allows([grant], action));
  if (resource === undefined) return covering.length > 0;
  return covering.some(({ resources }) => resources.some((pattern) => coversAction(inAws(pattern), resource)));
}

/** China and GovCloud have partitions of their own. */
function inAws(arn: string): string {
  return arn.replace(/^arn:aws[a-z-]*:/, "arn:aws:");
}

function* superfluous(callers: Callers, subject: Subject): Iterable<Finding> {
  if (callers.some(({ worker }) => worker === undefined)) return;
  const calls = callers.flatMap((caller) => [
    ...(caller.worker?.calls ?? []).filter((call) => makes(caller, call) !== "never"),
    ...lambdaCalls(caller),
  ]);
  const possible = new Set([...calls, ...absentCalls(callers, subject)].map(({ action }) => action.toLowerCase()));
  const { role } = callers[0];
  for (const { pointer, actions } of grantsOf(role)) {
    for (const [index, found] of actions.entries()) {
      // AWS uses a customer's key on behalf of the reader; iam-wildcards reports whole services.
      if (possible.has(found.toLowerCase()) || found.startsWith("kms:") || /^\*|:\*$/.test(found)) continue;
      yield {
        document: role.document,
        pointer: `${pointer}/Action/${index}`,
        found,
        expected: `an action that ${[...new Set(callers.map(({ name }) => name))].join(" or ")} calls`,
        hint: "remove it, or ignore this rule with the reason if a program of your own needs it",
        severity: "warning",
      };
    }
  }
}

/** What a job that is not among the documents, but may have the role too, would call. */
function absentCalls(callers: Callers, subject: Subject): readonly Call[] {
  if (callers.every(({ lambda }) => lambda !== undefined)) return [];
  const absent = workers.filter(({ job }) => jobOf(job, subject) === undefined);
  return absent.flatMap((worker) => worker.calls);
}

interface LambdaCall extends Call {
  readonly needed: boolean;
}

/** What Lambda does on behalf of a function. */
function lambdaCalls({ lambda }: Caller): readonly LambdaCall[] {
  if (lambda === undefined) return [];
  const { vpc_config, tracing_mode = "Active" } = lambda.value;
  const all = (names: readonly string[], needed: boolean, why: string) =>
    names.map((action) => ({ action, needed, why }));
  return [
    ...all(["logs:CreateLogStream", "logs:PutLogEvents"], true, "Lambda writes the log with the role of the function."),
    ...(vpc_config ? all(interfaces, true, "Lambda joins the VPC with the role of the function.") : []),
    ...(vpc_config ? all(more, false, "Lambda joins the VPC with the role of the function.") : []),
    ...(tracing_mode === "Active" ? all(traces, true, "Traces are sent with the role of the function.") : []),
  ];
}

const interfaces = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"];
const more = ["ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses", "ec2:DescribeSubnets"];
const traces = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
