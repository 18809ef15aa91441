import type { Json } from "../documents.ts";
import type { Items } from "./items.ts";

/** What the documents of the companions describe, in the words of CloudFormation, written down apart from the program. */
export function companionResources(items: Items): Json {
  return {
    ...each(items["iam-roles"], "Role", "AWS::IAM::Role", role),
    ...each(items["security-groups"], "Group", "AWS::EC2::SecurityGroup", securityGroup),
    Function: { Type: "AWS::Lambda::Function", Properties: lambdaFunction(items["lambda-function"]) },
    StateMachine: {
      Type: "AWS::StepFunctions::StateMachine",
      Properties: stateMachine(items["state-machine-settings"], items["step-function-definition"]),
    },
    ...each(items.alarms, "Alarm", "AWS::CloudWatch::Alarm", alarm),
    ...each(items["event-rules"], "EventRule", "AWS::Events::Rule", eventRule),
    Dashboard: {
      Type: "AWS::CloudWatch::Dashboard",
      Properties: { DashboardName: "gss-dev-batch", DashboardBody: JSON.stringify(items.dashboard) },
    },
  };
}

function each(document: Json, prefix: string, Type: string, properties: (entry: Json, key: string) => Json): Json {
  const entries = Object.entries<Json>(document).filter(([, entry]) => typeof entry === "object");
  return Object.fromEntries(
    entries.map(([key, entry]) => [
      `${prefix}${key.replaceAll(/[^A-Za-z0-9]/g, "")}`,
      { Type, Properties: defined(properties(entry, key)) },
    ]),
  );
}

function role(document: Json, key: string): Json {
  const { trust } = document;
  const trusted = trust && {
    Version: "2012-10-17",
    Statement: [
      defined({
        Effect: "Allow",
        Action: ["sts:AssumeRole"],
        Principal: defined({ Service: trust.services, AWS: trust.aws_principals }),
        Condition: trust.conditions,
      }),
    ],
  };
  return {
    RoleName: document.name ?? `gss-dev-${key}`,
    Description: document.description,
    AssumeRolePolicyDocument: document.assume_role_policy ?? trusted,
    ManagedPolicyArns: document.managed_policy_arns,
    Policies: Object.entries<Json>(document.inline_policies ?? {}).map(([PolicyName, PolicyDocument]) => ({
      PolicyName,
      PolicyDocument,
    })),
    PermissionsBoundary: document.permissions_boundary,
    MaxSessionDuration: document.max_session_duration,
    Tags: tagList(document.tags),
  };
}

function securityGroup(document: Json, key: string): Json {
  return {
    GroupName: document.name ?? `gss-dev-${key}`,
    GroupDescription: document.description,
    VpcId: document.vpc_id,
    SecurityGroupIngress: rules(document.ingress, "SourceSecurityGroupId", "SourcePrefixListId"),
    SecurityGroupEgress: rules(document.egress, "DestinationSecurityGroupId", "DestinationPrefixListId"),
    Tags: tagList(document.tags),
  };
}

function rules(list: Json = [], group: string, prefixList: string): Json {
  return list.flatMap((rule: Json) => {
    const base = {
      IpProtocol: rule.protocol,
      FromPort: rule.from_port,
      ToPort: rule.to_port,
      Description: rule.description,
    };
    return [
      ...(rule.cidr_blocks ?? []).map((CidrIp: string) => ({ ...base, CidrIp })),
      ...(rule.ipv6_cidr_blocks ?? []).map((CidrIpv6: string) => ({ ...base, CidrIpv6 })),
      ...(rule.prefix_list_ids ?? []).map((id: string) => ({ ...base, [prefixList]: id })),
      ...(rule.security_groups ?? []).map((id: string) => ({ ...base, [group]: id })),
    ];
  });
}

function lambdaFunction(document: Json): Json {
  const code = document.package;
  return defined({
    FunctionName: document.name,
    Description: document.description,
    Role: document.role,
    PackageType: code.image_uri ? "Image" : "Zip",
    Code: defined({
      S3Bucket: code.s3_bucket,
      S3Key: code.s3_key,
      S3ObjectVersion: code.s3_object_version,
      ImageUri: code.image_uri,
    }),
    Runtime: document.runtime,
    Handler: document.handler,
    Architectures: document.architectures,
    MemorySize: document.memory_size,
    Timeout: document.timeout,
    EphemeralStorage: document.ephemeral_storage_size && { Size: document.ephemeral_storage_size },
    ReservedConcurrentExecutions: document.reserved_concurrent_executions,
    Environment: { Variables: document.environment },
    VpcConfig: document.vpc_config && {
      SubnetIds: document.vpc_config.subnet_ids,
      SecurityGroupIds: document.vpc_config.security_group_ids,
    },
    TracingConfig: { Mode: document.tracing_mode },
    KmsKeyArn: document.kms_key_arn,
    Tags: tagList(document.tags),
  });
}

function stateMachine(settings: Json, definition: Json): Json {
  return defined({
    StateMachineName: settings.name,
    StateMachineType: "STANDARD",
    RoleArn: settings.role_arn,
    Definition: definition,
    LoggingConfiguration: {
      Level: settings.log_level,
      IncludeExecutionData: settings.log_execution_data,
      Destinations: [
        {
          CloudWatchLogsLogGroup: {
            LogGroupArn: `arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/states/${settings.name}:*`,
          },
        },
      ],
    },
    TracingConfiguration: { Enabled: settings.tracing },
    Tags: tagList(settings.tags),
  });
}

function alarm(document: Json): Json {
  return {
    AlarmName: document.name,
    AlarmDescription: document.description,
    Namespace: document.namespace,
    MetricName: document.metric_name,
    Dimensions: dimensions(document.dimensions),
    Statistic: document.statistic,
    ExtendedStatistic: document.extended_statistic,
    Period: document.period,
    EvaluationPeriods: document.evaluation_periods,
    DatapointsToAlarm: document.datapoints_to_alarm,
    Threshold: document.threshold,
    ComparisonOperator: document.comparison_operator,
    TreatMissingData: document.treat_missing_data,
    ActionsEnabled: document.actions_enabled,
    Metrics: document.metric_query?.map(({ id, expression, label, return_data, metric }: Json) =>
      defined({
        Id: id,
        Expression: expression,
        Label: label,
        ReturnData: return_data,
        MetricStat: metric && {
          Metric: defined({
            Namespace: metric.namespace,
            MetricName: metric.metric_name,
            Dimensions: dimensions(metric.dimensions),
          }),
          Stat: metric.stat,
          Period: metric.period,
        },
      }),
    ),
    Tags: tagList(document.tags),
  };
}

function dimensions(document: Json): Json {
  return document && Object.entries(document).map(([Name, Value]) => ({ Name, Value }));
}

function eventRule(document: Json): Json {
  return {
    Name: document.name,
    Description: document.description,
    State: document.state,
    EventPattern: document.event_pattern,
  };
}

function tagList(tags: Json): Json {
  return tags && Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function defined(object: Json): Json {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
