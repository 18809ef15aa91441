import type { PolicyStatement } from "../../derived/types.ts";
import { type Worker, type WorkerResource, workerResources } from "../../shared/contract.ts";
import type { Data } from "../making.ts";
import { canHold, type WorkerSettings } from "../workerSettings.ts";
import { type Arn, allow, allowAnywhere, here } from "./policyStatement.ts";

/** A configured worker: it makes the calls of the contract that its settings allow. */
export interface Calling {
  readonly worker: Pick<Worker, "calls" | "settings">;
  readonly settings: WorkerSettings;
}

/** The permissions of some workers: the calls that they can make and nothing else, one statement per resource. */
export function workerStatements(
  workers: readonly Calling[],
  arn: Arn,
  resources: readonly WorkerResource[] = workerResources,
): readonly PolicyStatement[] {
  const calls = workers.flatMap((calling) =>
    calling.worker.calls
      .filter(({ when }) => canHold(when, calling.settings))
      .map(({ action, resource }) => ({ action, resource, calling })),
  );
  const unknown = calls.find(({ resource }) => resources.every(({ name }) => name !== resource));
  if (unknown)
    throw new Error(`schemas/worker-contract.json has no resource ${unknown.resource} for ${unknown.action}`);
  return resources.flatMap((resource) => {
    const actions = new Map<string, Set<string>>();
    for (const { action, calling } of calls.filter((call) => call.resource === resource.name)) {
      const called = arnFor(resource, calling).replace(/^arn:aws:/, () => arn(""));
      actions.set(called, (actions.get(called) ?? new Set()).add(action));
    }
    // Usually one: workers with different buckets or topics have a statement each.
    return [...actions].map(([called, names], index) =>
      allow(index === 0 ? resource.sid : `${resource.sid}${index + 1}`, [...names], [called]),
    );
  });
}

/** The ARN of the contract, which contains the default of a setting, with the value of this worker instead. */
function arnFor(resource: WorkerResource, { worker, settings }: Calling): string {
  return worker.settings.reduce((arn, { variable, job_definition }) => {
    const byDefault = job_definition?.value ?? "";
    return byDefault.startsWith("${") ? arn.replaceAll(byDefault, () => settings.text(variable) ?? byDefault) : arn;
  }, resource.arn);
}

/** What Lambda does on behalf of the function, in addition to the calls of the worker in it. */
export function functionStatements(document: Data, arn: Arn): readonly PolicyStatement[] {
  const { name, kms_key_arn, tracing_mode, vpc_config } = document;
  const group = arn(`logs:${here}:log-group:/aws/lambda/${name}:*`);
  return [
    allow("SendLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], [group]),
    ...(vpc_config === undefined ? [] : vpcStatements(arn(`lambda:${here}:function:${name}`))),
    ...(tracing_mode === "PassThrough"
      ? []
      : [allowAnywhere("Trace", ["xray:PutTelemetryRecords", "xray:PutTraceSegments"])]),
    ...(typeof kms_key_arn === "string" ? [allow("ReadEnvironment", ["kms:Decrypt"], [kms_key_arn])] : []),
  ];
}

function vpcStatements(functionArn: string): readonly PolicyStatement[] {
  return [
    allowAnywhere("JoinVpc", interfaceActions),
    // Only Lambda itself needs these: they are denied to code in the function, whose requests contain its ARN.
    {
      Sid: "NotFromCode",
      Effect: "Deny",
      Action: [...interfaceActions],
      Resource: ["*"],
      Condition: { ArnEquals: { "lambda:SourceFunctionArn": [functionArn] } },
    },
  ];
}

const interfaceActions = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
] as const;
