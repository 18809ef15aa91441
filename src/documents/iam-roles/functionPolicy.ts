import type { PolicyStatement } from "../../derived/types.ts";
import { type Arn, allow, allowAnywhere, here } from "./policyStatement.ts";

type Data = Readonly<Record<string, unknown>>;

/** What Lambda does in the name of the function, beside the calls of the worker in it. */
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
    // Lambda itself needs these. Code that runs in the function comes with its ARN, and has no business there.
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
