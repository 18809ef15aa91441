import { type Ask, json, query, unsignedCall } from "./unsignedCall.ts";

/** How a list of each kind of resource is asked for, and what stands once in the answer for each of them. */
const lists: readonly { readonly kind: string; readonly service: string; readonly ask: Ask; readonly each: RegExp }[] =
  [
    { kind: "alarms", service: "monitoring", ask: query("DescribeAlarms", "2010-08-01"), each: /<AlarmArn>/g },
    { kind: "dashboards", service: "monitoring", ask: query("ListDashboards", "2010-08-01"), each: /<DashboardName>/g },
    { kind: "functions", service: "lambda", ask: { path: "/2015-03-31/functions/" }, each: /"FunctionArn"/g },
    {
      kind: "instance profiles",
      service: "iam",
      ask: query("ListInstanceProfiles", "2010-05-08"),
      each: /<InstanceProfileId>/g,
    },
    {
      kind: "launch templates",
      service: "ec2",
      ask: query("DescribeLaunchTemplates", "2016-11-15"),
      each: /<launchTemplateId>/g,
    },
    { kind: "log groups", service: "logs", ask: json("Logs_20140328.DescribeLogGroups"), each: /"logGroupName"/g },
    { kind: "queues", service: "sqs", ask: json("AmazonSQS.ListQueues"), each: /http:/g },
    { kind: "roles", service: "iam", ask: query("ListRoles", "2010-05-08"), each: /<RoleId>/g },
    { kind: "rules of EventBridge", service: "events", ask: json("AWSEvents.ListRules"), each: /"Arn"/g },
    { kind: "security groups", service: "ec2", ask: query("DescribeSecurityGroups", "2016-11-15"), each: /<ownerId>/g },
    {
      kind: "state machines",
      service: "states",
      ask: json("AWSStepFunctions.ListStateMachines"),
      each: /"stateMachineArn"/g,
    },
    { kind: "topics", service: "sns", ask: query("ListTopics", "2010-03-31"), each: /<TopicArn>/g },
  ];

/** How many resources of each kind an emulator that checks nothing holds; those that AWS Batch keeps are in `readBack`. */
export async function everythingIn(emulatorUrl: string): Promise<Readonly<Record<string, number>>> {
  const counts = lists.map(async ({ kind, service, ask, each }) => {
    const answer = await unsignedCall(emulatorUrl, service, ask);
    return [kind, answer.match(each)?.length ?? 0] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}
