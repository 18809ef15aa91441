// Generated from schemas/: run `npm run derive`. Do not edit.

/**
 * CloudWatch alarms by key: alarms.json. All of them act through the SNS topic of the module and the alarm_actions of the config.
 */
export interface Alarms {
  /**
   * Schema of this file, for completion in an editor. It is not sent to AWS.
   */
  readonly $schema?: string;
  readonly [k: string]: Alarm | string | undefined;
}

/**
 * An alarm on one metric, or on an expression over several (metric_query).
 */
export interface Alarm {
  /**
   * Name of the alarm, unique in account and region. At most 255 letters, digits and . - _ / # :.
   */
  readonly name: string;
  /**
   * What has happened when the alarm goes off and what to do; at most 1024 characters. It is part of the notification.
   */
  readonly description?: string;
  /**
   * Namespace of the metric.
   */
  readonly namespace?: string;
  /**
   * Name of the metric.
   */
  readonly metric_name?: string;
  /**
   * All dimensions of the metric: with one missing it is another metric, without data.
   */
  readonly dimensions?: {
    readonly [k: string]: string;
  };
  /**
   * How the values of a period are aggregated.
   */
  readonly statistic?: "SampleCount" | "Average" | "Sum" | "Minimum" | "Maximum";
  /**
   * Percentile or trimmed mean, instead of statistic.
   */
  readonly extended_statistic?: string;
  /**
   * Length of a period in seconds: 10, 20, 30 or a multiple of 60. Not with metric_query, where each metric has its own.
   */
  readonly period?: number;
  /**
   * Number of periods that are evaluated.
   */
  readonly evaluation_periods: number;
  /**
   * How many of these periods have to breach the threshold; all of them if left out.
   */
  readonly datapoints_to_alarm?: number;
  /**
   * Value that the metric is compared with.
   */
  readonly threshold: number;
  /**
   * When the alarm goes off: the metric is on the left, the threshold on the right.
   */
  readonly comparison_operator:
    "GreaterThanThreshold" | "GreaterThanOrEqualToThreshold" | "LessThanThreshold" | "LessThanOrEqualToThreshold";
  /**
   * What a period without data counts as. Counts of failures have no data while nothing fails: notBreaching.
   */
  readonly treat_missing_data?: "missing" | "notBreaching" | "breaching" | "ignore";
  /**
   * Metrics and expressions over them, instead of namespace, metric_name, dimensions, statistic and period. Exactly one has return_data true.
   */
  readonly metric_query?: readonly AlarmQuery[];
  /**
   * false turns the actions of the alarm off, for example during maintenance.
   */
  readonly actions_enabled?: boolean;
  /**
   * Whether the return to OK is notified too.
   */
  readonly notify_when_over?: boolean;
  /**
   * Tags of the alarm.
   */
  readonly tags?: ResourceTags;
}

/**
 * A metric, or an expression over the other queries.
 */
export interface AlarmQuery {
  /**
   * Name within the expressions; starts with a lower-case letter.
   */
  readonly id: string;
  /**
   * Metric math over the ids of the other queries.
   */
  readonly expression?: string;
  /**
   * What the expression or metric means.
   */
  readonly label?: string;
  /**
   * true for the query whose value is compared with the threshold.
   */
  readonly return_data?: boolean;
  /**
   * The metric, instead of an expression.
   */
  readonly metric?: AlarmMetric;
}

/**
 * A metric with its statistic.
 */
export interface AlarmMetric {
  /**
   * Namespace of the metric.
   */
  readonly namespace: string;
  /**
   * Name of the metric.
   */
  readonly metric_name: string;
  /**
   * All dimensions of the metric: with one missing it is another metric, without data.
   */
  readonly dimensions?: {
    readonly [k: string]: string;
  };
  /**
   * How the values of a period are aggregated: Sum, Average, p90.
   */
  readonly stat: string;
  /**
   * Length of a period in seconds: 10, 20, 30 or a multiple of 60.
   */
  readonly period: number;
}

/**
 * Tag keys and their values. At most 50; a key has 1 to 128 characters, a value at most 256.
 */
export interface ResourceTags {
  readonly [k: string]: string;
}

/**
 * The machines that jobs run on: compute-environment.json.
 */
export interface ComputeEnvironment {
  /**
   * Schema of this file, for completion in an editor. It is not sent to AWS.
   */
  readonly $schema?: string;
  /**
   * Name of the compute environment. 1 to 128 letters, digits, - and _, starting with a letter or digit.
   */
  readonly name: string;
  /**
   * MANAGED lets AWS Batch start and stop the instances; with UNMANAGED you run them yourself.
   */
  readonly type: "MANAGED" | "UNMANAGED";
  /**
   * A DISABLED environment accepts no new jobs.
   */
  readonly state?: "ENABLED" | "DISABLED";
  /**
   * ARN of a role for AWS Batch to use. Leave it out: only the service-linked role, which is the default, allows changes in place.
   */
  readonly service_role?: string;
  /**
   * What AWS Batch may start for this environment. Required for a MANAGED environment.
   */
  readonly compute_resources?: ComputeResources;
  /**
   * What happens to running jobs when the infrastructure of the environment changes.
   */
  readonly update_policy?: UpdatePolicy;
  /**
   * Tags of the compute environment.
   */
  readonly tags?: ResourceTags;
  /**
   * A second environment that jobs go to when the first has no capacity: it is second in the queue.
   */
  readonly fallback?: FallbackEnvironment;
}

/**
 * What AWS Batch may start for this environment: how many vCPUs, of which instance types, where and with which permissions.
 */
export interface ComputeResources {
  /**
   * How instances are bought: EC2 is on demand, SPOT is spare capacity that AWS can reclaim. FARGATE, FARGATE_SPOT and ECS_MANAGED_INSTANCES exist in AWS Batch, but this module does not support them.
   */
  readonly type: "EC2" | "SPOT";
  /**
   * How instance types are chosen. EC2 supports BEST_FIT and BEST_FIT_PROGRESSIVE, SPOT supports all four. When it is left out AWS uses BEST_FIT, which rules out later updates in place.
   */
  readonly allocation_strategy?: "BEST_FIT" | "BEST_FIT_PROGRESSIVE" | "SPOT_CAPACITY_OPTIMIZED" | "SPOT_PRICE_CAPACITY_OPTIMIZED";
  /**
   * Maximum number of vCPUs that may run at the same time. Every strategy except BEST_FIT on demand may exceed it by one instance.
   */
  readonly max_vcpus: number;
  /**
   * vCPUs that keep running when there is no work, even while the environment is disabled. Anything above 0 costs money around the clock.
   */
  readonly min_vcpus?: number;
  /**
   * Number of vCPUs at the moment. AWS Batch changes it with the load, so a fixed value makes Terraform undo that at every apply.
   */
  readonly desired_vcpus?: number;
  /**
   * Sizes (c5.xlarge), whole families (c5), or one of optimal, default_x86_64 and default_arm64. All of the same processor architecture.
   *
   * @minItems 1
   *
   * Items: A size, a family, or a choice that AWS makes.
   */
  readonly instance_types?: readonly string[];
  /**
   * Ids of the subnets that instances start in. All belong to one VPC.
   *
   * @minItems 1
   *
   * Items: Id of a subnet.
   */
  readonly subnets: readonly string[];
  /**
   * Ids of the security groups of the instances. They replace those of the launch template; one of the two has to name at least one.
   *
   * @maxItems 16
   *
   * Items: Id of a security group.
   */
  readonly security_group_ids?: readonly string[];
  /**
   * Name or ARN of the instance profile of the instances. AWS calls the field a role, but it is the profile that contains one.
   */
  readonly instance_role?: string;
  /**
   * Maximum Spot price, in percent of the on-demand price. The market price is paid, not the bid.
   */
  readonly bid_percentage?: number;
  /**
   * ARN of the role of the Spot fleet. Required for Spot with BEST_FIT or without a strategy. A change replaces the environment.
   */
  readonly spot_iam_fleet_role?: string;
  /**
   * Machine images by image type: one entry, or a second one for GPU instances.
   *
   * @minItems 1
   * @maxItems 2
   */
  readonly ec2_configuration?: readonly Ec2Configuration[];
  /**
   * Machine image for all instances. AWS deprecated it in favour of image_id_override in ec2_configuration, which takes precedence.
   */
  readonly image_id?: string;
  /**
   * Name of the EC2 key pair for logging in to instances. Leave it out if that is not needed.
   */
  readonly ec2_key_pair?: string;
  /**
   * Name of the placement group that instances start in. A change replaces the environment.
   */
  readonly placement_group?: string;
  /**
   * Launch template that instances start from.
   */
  readonly launch_template?: LaunchTemplateReference;
  /**
   * Tags of the instances and volumes that are started, in addition to the tags of the environment itself. A change is an update of the infrastructure.
   */
  readonly tags?: ResourceTags;
}

/**
 * Which machine image the instances of one kind start from.
 */
export interface Ec2Configuration {
  /**
   * Kind of image, of which AWS uses the newest: ECS_AL2023, or ECS_AL2023_NVIDIA for GPUs. Since 2026-06-30 AWS creates no new environments on ECS_AL2.
   */
  readonly image_type: string;
  /**
   * Machine image to use instead of the newest one of that type. It has to fit the architecture of the instance types.
   */
  readonly image_id_override?: string;
}

/**
 * A launch template, by its name or its id, and its version.
 */
export interface LaunchTemplateReference {
  /**
   * Name of the launch template. Instead of launch_template_id, never both.
   */
  readonly launch_template_name?: string;
  /**
   * Id of the launch template. Instead of launch_template_name, never both.
   */
  readonly launch_template_id?: string;
  /**
   * Version number as text, or $Default or $Latest. Left out, the module fills in the newest version of its own template, so that a change to it reaches the instances; AWS itself would use $Default.
   */
  readonly version?: string;
}

/**
 * What happens to running jobs when the infrastructure changes.
 */
export interface UpdatePolicy {
  /**
   * Terminate running jobs at once instead of letting them run until the timeout below.
   */
  readonly terminate_jobs_on_update?: boolean;
  /**
   * Minutes that running jobs may continue during an update, 1 to 360. If it is shorter than the timeout of a job, it cuts that job off.
   */
  readonly job_execution_timeout_minutes?: number;
}

/**
 * A compute environment for jobs that the first one has no capacity for.
 */
export interface FallbackEnvironment {
  /**
   * Name of the compute environment. 1 to 128 letters, digits, - and _, starting with a letter or digit.
   */
  readonly name: string;
  /**
   * MANAGED lets AWS Batch start and stop the instances; with UNMANAGED you run them yourself.
   */
  readonly type: "MANAGED" | "UNMANAGED";
  /**
   * A DISABLED environment accepts no new jobs.
   */
  readonly state?: "ENABLED" | "DISABLED";
  /**
   * ARN of a role for AWS Batch to use. Leave it out: only the service-linked role, which is the default, allows changes in place.
   */
  readonly service_role?: string;
  /**
   * What AWS Batch may start for this environment. Required for a MANAGED environment.
   */
  readonly compute_resources?: ComputeResources;
  /**
   * What happens to running jobs when the infrastructure of the environment changes.
   */
  readonly update_policy?: UpdatePolicy;
  /**
   * Tags of the compute environment.
   */
  readonly tags?: ResourceTags;
}

/**
 * The body of a CloudWatch dashboard, in CloudWatch's own format: dashboard.json. An override of widgets replaces all of them.
 */
export interface Dashboard {
  /**
   * Schema of this file, for completion in an editor. It is not sent to AWS.
   */
  readonly $schema?: string;
  /**
   * Start of the time range shown first: how long ago, as an ISO 8601 duration, or a time.
   */
  readonly start?: string;
  /**
   * End of the time range shown first; now if left out.
   */
  readonly end?: string;
  /**
   * inherit keeps the period of each widget; auto fits them to the time shown.
   */
  readonly periodOverride?: "auto" | "inherit";
  /**
   * What is shown, at most 500.
   *
   * @maxItems 500
   */
  readonly widgets: readonly DashboardWidget[];
}

/**
 * A graph, a text, a list of log lines or of alarms, on a grid of 24 columns.
 */
export interface DashboardWidget {
  /**
   * What is shown.
   */
  readonly type: "metric" | "text" | "log" | "alarm";
  /**
   * Column of the left edge.
   */
  readonly x?: number;
  /**
   * Row of the upper edge.
   */
  readonly y?: number;
  /**
   * Columns.
   */
  readonly width?: number;
  /**
   * Rows.
   */
  readonly height?: number;
  /**
   * What it shows and how.
   */
  readonly properties: DashboardProperties;
}

/**
 * Which of them a widget accepts depends on its type.
 */
export interface DashboardProperties {
  /**
   * Heading of the widget.
   */
  readonly title?: string;
  /**
   * Text of a text widget, in Markdown.
   */
  readonly markdown?: string;
  /**
   * transparent leaves out the frame of a text widget.
   */
  readonly background?: "transparent" | "solid";
  /**
   * Query of a log widget: the log groups, then commands of CloudWatch Logs Insights.
   */
  readonly query?: string;
  /**
   * ARNs of the alarms of an alarm widget.
   *
   * @maxItems 100
   *
   * Items: ARN of an alarm.
   */
  readonly alarms?: readonly string[];
  /**
   * Order of the alarms.
   */
  readonly sortBy?: "default" | "stateUpdatedTimestamp" | "timestamp";
  /**
   * Metrics and expressions, each a list: namespace, metric name, dimension names and values, and rendering options at the end; or only the options, with an expression. "." repeats the value of the row above.
   *
   * @maxItems 500
   */
  readonly metrics?: unknown[][];
  /**
   * How the values are drawn.
   */
  readonly view?: "timeSeries" | "singleValue" | "gauge" | "bar" | "pie" | "table";
  /**
   * Whether lines are stacked.
   */
  readonly stacked?: boolean;
  /**
   * Whether a single value has a sparkline below it.
   */
  readonly sparkline?: boolean;
  /**
   * Whether a single value covers the whole time range.
   */
  readonly setPeriodToTimeRange?: boolean;
  /**
   * Whether the current, unfinished period is shown.
   */
  readonly liveData?: boolean;
  /**
   * Region of the metrics or logs.
   */
  readonly region?: string;
  /**
   * Statistic of the metrics that do not specify one.
   */
  readonly stat?: string;
  /**
   * Length of a period in seconds.
   */
  readonly period?: number;
  /**
   * The axes of values.
   */
  readonly yAxis?: {
    /**
     * The axis on the left.
     */
    readonly left?: DashboardAxis;
    /**
     * The axis on the right.
     */
    readonly right?: DashboardAxis;
  };
  /**
   * The legend of the graph.
   */
  readonly legend?: {
    /**
     * Position of the legend.
     */
    readonly position?: "right" | "bottom" | "hidden";
  };
  /**
   * Lines across the graph.
   */
  readonly annotations?: {
    /**
     * Lines at a value.
     */
    readonly horizontal?: readonly DashboardMark[];
  };
}

/**
 * An axis of values.
 */
export interface DashboardAxis {
  /**
   * Label of the values.
   */
  readonly label?: string;
  /**
   * Minimum value shown.
   */
  readonly min?: number;
  /**
   * Maximum value shown.
   */
  readonly max?: number;
  /**
   * Whether the unit of the metric is shown.
   */
  readonly showUnits?: boolean;
}

/**
 * A line at a value.
 */
export interface DashboardMark {
  /**
   * Label of the line.
   */
  readonly label?: string;
  /**
   * Where the line is.
   */
  readonly value: number;
  /**
   * Colour of the line.
   */
  readonly color?: string;
  /**
   * Which side of the line is shaded.
   */
  readonly fill?: "above" | "below" | "none";
}

/**
 * EventBridge rules by key: event-rules.json. What matches goes to the log group of the module, and to its SNS topic unless notify is false.
 */
export interface EventRules {
  /**
   * Schema of this file, for completion in an editor. It is not sent to AWS.
   */
  readonly $schema?: string;
  readonly [k: string]: EventRule | string | undefined;
}

/**
 * A rule on the default event bus.
 */
export interface EventRule {
  /**
   * Name of the rule. 1 to 64 letters, digits and . - _.
   */
  readonly name: string;
  /**
   * Which events it matches; at most 512 characters.
   */
  readonly description?: string;
  /**
   * Whether the rule is enabled.
   */
  readonly state?: "ENABLED" | "DISABLED";
  /**
   * The pattern of the events that the rule matches.
   */
  readonly event_pattern: EventPattern;
  /**
   * Whether the SNS topic gets the events; the log group always does.
   */
  readonly notify?: boolean;
  /**
   * Tags of the rule.
   */
  readonly tags?: ResourceTags;
}

/**
 * In the format of EventBridge. Each key has a list of values, and an event has to have one of them; only patterns of equality are supported.
 */
export interface EventPattern {
  /**
   * Services that the event may come from.
   *
   * Items: One of the values.
   */
  readonly source: readonly string[];
  /**
   * Kinds of event.
   *
   * Items: One of the values.
   */
  readonly "detail-type": readonly string[];
  /**
   * ARNs of the resources that the event is about.
   *
   * Items: One of the values.
   */
  readonly resources?: readonly string[];
  /**
   * The contents of the event itself.
   */
  readonly detail?: EventDetail;
}

/**
 * Of a job of AWS Batch or an execution of Step Functions.
 */
export interface EventDetail {
  /**
   * ARNs of job queues.
   *
   * Items: One of the values.
   */
  readonly jobQueue?: readonly string[];
  /**
   * ARNs of job definitions, with revision.
   *
   * Items: One of the values.
   */
  readonly jobDefinition?: readonly string[];
  /**
   * Names that jobs were submitted with.
   *
   * Items: One of the values.
   */
  readonly jobName?: readonly string[];
  /**
   * ARNs of state machines.
   *
   * Items: One of the values.
   */
  readonly stateMachineArn?: readonly string[];
  /**
   * States that a job or execution has reached.
   *
   * Items: One of the values.
   */
  readonly status?: readonly string[];
  /**
   * How the container of a job ended.
   */
  readonly container?: EventContainer;
}

/**
 * The container of the job's last attempt.
 */
export interface EventContainer {
  /**
   * Exit codes of the container.
   *
   * Items: An exit code.
   */
  readonly exitCode?: readonly number[];
}

/**
 * Roles by key: what each may do, and who may assume it. The key is the name without the prefix, such as scm-batch-processor-batch-job-role.
 */
export interface IamRoles {
  /**
   * Schema of this file, for completion in an editor. It is not sent to AWS.
   */
  readonly $schema?: string;
  readonly [k: string]: IamRole | string | undefined;
}

/**
 * An IAM role.
 */
export interface IamRole {
  /**
   * Name of the role; without it the prefix and the key. At most 64 letters, digits and + = , . @ _ -.
   */
  readonly name?: string;
  /**
   * What the role is for; at most 1000 characters.
   */
  readonly description?: string;
  /**
   * Who may assume the role, in short. Instead of assume_role_policy.
   */
  readonly trust?: RoleTrust;
  /**
   * Who may assume the role, as a policy document. Instead of trust.
   */
  readonly assume_role_policy?: PolicyDocument;
  /**
   * ARNs of the managed policies of the role.
   *
   * @maxItems 20
   *
   * Items: ARN of a managed policy.
   */
  readonly managed_policy_arns?: readonly string[];
  /**
   * Inline policies of the role, by name.
   */
  readonly inline_policies?: {
    readonly [k: string]: PolicyDocument;
  };
  /**
   * Create an instance profile for the role, with the same name.
   */
  readonly instance_profile?: boolean;
  /**
   * ARN of the policy that limits the permissions of the role.
   */
  readonly permissions_boundary?: string;
  /**
   * Maximum session duration in seconds, 3600 to 43200.
   */
  readonly max_session_duration?: number;
  /**
   * Tags of the role.
   */
  readonly tags?: ResourceTags;
}

/**
 * Who may assume a role.
 */
export interface RoleTrust {
  /**
   * AWS services, by their principal.
   *
   * @minItems 1
   *
   * Items: Principal of a service.
   */
  readonly services?: readonly string[];
  /**
   * ARNs of roles and users, or account numbers.
   *
   * @minItems 1
   *
   * Items: ARN or account number.
   */
  readonly aws_principals?: readonly string[];
  /**
   * Additional conditions; by operator, then by key.
   */
  readonly conditions?: PolicyConditions;
}

/**
 * An IAM policy, with the keys of IAM; where IAM allows a text or a list, it is always a list here.
 */
export interface PolicyDocument {
  /**
   * Version of the policy language.
   */
  readonly Version: "2012-10-17" | "2008-10-17";
  /**
   * Id of the policy.
   */
  readonly Id?: string;
  /**
   * What is allowed or denied.
   *
   * @minItems 1
   */
  readonly Statement: readonly PolicyStatement[];
}

/**
 * Allows or denies actions on resources.
 */
export interface PolicyStatement {
  /**
   * Id of the statement: letters and digits.
   */
  readonly Sid?: string;
  /**
   * Allow or deny.
   */
  readonly Effect: "Allow" | "Deny";
  /**
   * Who it applies to; in trust policies only.
   */
  readonly Principal?: {
    /**
     * @minItems 1
     */
    readonly [k: string]: readonly string[];
  };
  /**
   * Everyone except these.
   */
  readonly NotPrincipal?: {
    /**
     * @minItems 1
     */
    readonly [k: string]: readonly string[];
  };
  /**
   * Actions it applies to, such as s3:GetObject.
   *
   * @minItems 1
   *
   * Items: One of them.
   */
  readonly Action?: readonly string[];
  /**
   * Every action except these.
   *
   * @minItems 1
   *
   * Items: One of them.
   */
  readonly NotAction?: readonly string[];
  /**
   * ARNs it applies to.
   *
   * @minItems 1
   *
   * Items: One of them.
   */
  readonly Resource?: readonly string[];
  /**
   * Every resource except these.
   *
   * @minItems 1
   *
   * Items: One of them.
   */
  readonly NotResource?: readonly string[];
  /**
   * Additional conditions; by operator, then by key.
   */
  readonly Condition?: PolicyConditions;
}

/**
 * Conditions by operator, then by key; every value is a list of texts.
 */
export interface PolicyConditions {
  readonly [k: string]: {
    readonly [k: string]: readonly string[];
  };
}

/**
 * A container and what it needs to run: batch-validation-job.json and batch-processing-job.json.
 */
export interface JobDefinition {
  /**
   * Schema of this file, for completion in an editor. It is not sent to AWS.
   */
  readonly $schema?: string;
  /**
   * Name of the job definition. Every change gives it a new revision. 1 to 128 letters, digits, - and _, starting with a letter or digit.
   */
  readonly name: string;
  /**
   * Kind of job. AWS Batch also has multinode, which this module does not support.
   */
  readonly type: "container";
  /**
   * Where the job can run. This module supports EC2.
   *
   * @minItems 1
   * @maxItems 2
   *
   * Items: EC2 includes Spot.
   */
  readonly platform_capabilities?: readonly ("EC2" | "FARGATE")[];
  /**
   * Copy the tags of the job and its definition to the ECS task.
   */
  readonly propagate_tags?: boolean;
  /**
   * Default values for the Ref:: names in command. The values that a job is submitted with take precedence. Values are always text.
   */
  readonly parameters?: {
    readonly [k: string]: string;
  };
  /**
   * The container of the job.
   */
  readonly container_properties: ContainerProperties;
  /**
   * How often a job is tried, and after which failures.
   */
  readonly retry_strategy?: RetryStrategy;
  /**
   * How long an attempt may run.
   */
  readonly timeout?: JobTimeout;
  /**
   * Priority among jobs with the same share identifier, 0 to 9999; the highest is started first. Only for queues with a fair-share policy.
   */
  readonly scheduling_priority?: number;
  /**
   * Terraform deregisters the previous revision when it registers a new one. false keeps it for jobs that name it.
   */
  readonly deregister_on_new_revision?: boolean;
  /**
   * Tags of the job definition.
   */
  readonly tags?: ResourceTags;
}

/**
 * Image, command, resources and permissions of the container.
 */
export interface ContainerProperties {
  /**
   * Image to run, with a tag or digest. At most 255 characters.
   */
  readonly image: string;
  /**
   * vCPUs of the container. AWS deprecated the field in its API: the module sends it as a resource requirement.
   */
  readonly vcpus?: number;
  /**
   * Memory limit in MiB, above which the container is killed; at least 4. An instance offers less than its nominal memory. The module sends it as a resource requirement.
   */
  readonly memory?: number;
  /**
   * vCPUs, memory and GPUs in the form of the current API, instead of vcpus and memory.
   *
   * @maxItems 3
   */
  readonly resource_requirements?: readonly ResourceRequirement[];
  /**
   * Program and arguments. An argument that is Ref:: followed by a name gets the value of that parameter.
   *
   * Items: One argument; it is not split by a shell.
   */
  readonly command?: readonly string[];
  /**
   * ARN of the role of the program in the container.
   */
  readonly job_role_arn?: string;
  /**
   * ARN of the role that fetches secrets, and a private image, before the container starts. Required with secrets.
   */
  readonly execution_role_arn?: string;
  /**
   * Environment variables of the container.
   */
  readonly environment?: readonly EnvironmentVariable[];
  /**
   * Environment variables whose value comes from Secrets Manager or Parameter Store. They need execution_role_arn.
   */
  readonly secrets?: readonly Secret[];
  /**
   * The container cannot write to its own file system, only to volumes and tmpfs.
   */
  readonly readonly_root_filesystem?: boolean;
  /**
   * Gives the container root permissions on the instance.
   */
  readonly privileged?: boolean;
  /**
   * User that the program runs as: name or number, optionally with a group after a colon.
   */
  readonly user?: string;
  /**
   * Limits of the operating system for the container.
   */
  readonly ulimits?: readonly Ulimit[];
  /**
   * Volumes that mount_points can refer to.
   */
  readonly volumes?: readonly Volume[];
  /**
   * Where volumes appear in the container.
   */
  readonly mount_points?: readonly MountPoint[];
  /**
   * Devices, memory and init process of the container.
   */
  readonly linux_parameters?: LinuxParameters;
  /**
   * Where the output of the container goes; by default to the log group /aws/batch/job.
   */
  readonly log_configuration?: LogConfiguration;
  /**
   * How to log in to a private registry outside ECR.
   */
  readonly repository_credentials?: RepositoryCredentials;
  /**
   * Lets operators open a session in the running container; the job role needs the permissions for ECS Exec.
   */
  readonly enable_execute_command?: boolean;
  /**
   * Operating system and architecture. It applies to Fargate; on EC2 the instance types decide.
   */
  readonly runtime_platform?: RuntimePlatform;
  /**
   * For Fargate only: AWS rejects it on EC2.
   */
  readonly network_configuration?: NetworkConfiguration;
  /**
   * For Fargate only: AWS rejects it on EC2.
   */
  readonly fargate_platform_configuration?: FargatePlatformConfiguration;
  /**
   * For Fargate only; on EC2 use the volume of the launch template instead.
   */
  readonly ephemeral_storage?: EphemeralStorage;
}

/**
 * An amount of one resource.
 */
export interface ResourceRequirement {
  /**
   * Kind of resource.
   */
  readonly type: "VCPU" | "MEMORY" | "GPU";
  /**
   * The amount, as text: vCPUs and GPUs by count, memory in MiB. On EC2 whole numbers only.
   */
  readonly value: string;
}

/**
 * A variable and its value.
 */
export interface EnvironmentVariable {
  /**
   * Name of the variable. Names that start with AWS_BATCH are reserved for AWS Batch.
   */
  readonly name: string;
  /**
   * Its value; readable by anyone who can view the job definition.
   */
  readonly value: string;
}

/**
 * A name and where its value is kept.
 */
export interface Secret {
  /**
   * Name of the environment variable or log option.
   */
  readonly name: string;
  /**
   * ARN of a secret or parameter; the name alone is enough for a parameter of the same region.
   */
  readonly value_from: string;
}

/**
 * One limit of the operating system.
 */
export interface Ulimit {
  /**
   * Which limit.
   */
  readonly name:
    | "core"
    | "cpu"
    | "data"
    | "fsize"
    | "locks"
    | "memlock"
    | "msgqueue"
    | "nice"
    | "nofile"
    | "nproc"
    | "rss"
    | "rtprio"
    | "rttime"
    | "sigpending"
    | "stack";
  /**
   * The limit that applies until the program raises it; -1 for unlimited.
   */
  readonly soft_limit: number;
  /**
   * The maximum that the program can raise it to; -1 for unlimited.
   */
  readonly hard_limit: number;
}

/**
 * A folder of the instance, or an EFS file system.
 */
export interface Volume {
  /**
   * Name that mount points use. Letters, digits, - and _, at most 255.
   */
  readonly name: string;
  /**
   * A folder of the instance.
   */
  readonly host?: VolumeHost;
  /**
   * An EFS file system.
   */
  readonly efs_volume_configuration?: EfsVolumeConfiguration;
}

/**
 * A folder of the instance that the container sees.
 */
export interface VolumeHost {
  /**
   * Folder on the instance, created if it is missing. Without it Docker creates one and discards it after the job.
   */
  readonly source_path?: string;
}

/**
 * An EFS file system and how to reach it.
 */
export interface EfsVolumeConfiguration {
  /**
   * Id of the file system.
   */
  readonly file_system_id: string;
  /**
   * Folder of the file system to mount. With an access point: left out, or /.
   */
  readonly root_directory?: string;
  /**
   * Encrypt the traffic over the network. Required for an access point and for IAM.
   */
  readonly transit_encryption?: "ENABLED" | "DISABLED";
  /**
   * Port for the encrypted traffic, 0 to 65535. By default the mount helper chooses.
   */
  readonly transit_encryption_port?: number;
  /**
   * Access point and IAM.
   */
  readonly authorization_config?: EfsAuthorizationConfig;
}

/**
 * How the mount is authorized.
 */
export interface EfsAuthorizationConfig {
  /**
   * Id of the access point to mount through.
   */
  readonly access_point_id?: string;
  /**
   * Use the job role for the mount. Requires transit encryption and job_role_arn.
   */
  readonly iam?: "ENABLED" | "DISABLED";
}

/**
 * A volume and its path in the container.
 */
export interface MountPoint {
  /**
   * Name of the volume.
   */
  readonly source_volume: string;
  /**
   * Absolute path in the container.
   */
  readonly container_path: string;
  /**
   * The container cannot write there.
   */
  readonly read_only?: boolean;
}

/**
 * Settings of the container that only Linux has.
 */
export interface LinuxParameters {
  /**
   * Devices of the instance that the container can use.
   */
  readonly devices?: readonly Device[];
  /**
   * Run a small init process that passes signals on and reaps children.
   */
  readonly init_process_enabled?: boolean;
  /**
   * Size of /dev/shm in MiB.
   */
  readonly shared_memory_size?: number;
  /**
   * File systems in memory.
   */
  readonly tmpfs?: readonly Tmpfs[];
  /**
   * MiB of swap on top of memory; 0 for none. The instance must have swap space. If it is left out, swappiness has no effect.
   */
  readonly max_swap?: number;
  /**
   * How aggressively memory is swapped: 0 hardly ever, 100 immediately.
   */
  readonly swappiness?: number;
}

/**
 * A device of the instance.
 */
export interface Device {
  /**
   * Device on the instance.
   */
  readonly host_path: string;
  /**
   * Where it appears in the container; the same path if left out.
   */
  readonly container_path?: string;
  /**
   * What the container may do with it; everything if left out.
   *
   * @maxItems 3
   *
   * Items: One permission.
   */
  readonly permissions?: readonly ("READ" | "WRITE" | "MKNOD")[];
}

/**
 * A file system in memory.
 */
export interface Tmpfs {
  /**
   * Absolute path in the container.
   */
  readonly container_path: string;
  /**
   * Size in MiB; it counts against the memory of the container.
   */
  readonly size: number;
  /**
   * Options as mount accepts them.
   *
   * Items: One option, such as noexec or mode=1777.
   */
  readonly mount_options?: readonly string[];
}

/**
 * Log driver of the container and its options.
 */
export interface LogConfiguration {
  /**
   * awslogs writes to CloudWatch Logs.
   */
  readonly log_driver: "json-file" | "syslog" | "journald" | "gelf" | "fluentd" | "awslogs" | "splunk" | "awsfirelens";
  /**
   * Options of the log driver, with its own names.
   */
  readonly options?: {
    readonly [k: string]: string;
  };
  /**
   * Options of the log driver whose value is a secret.
   */
  readonly secret_options?: readonly Secret[];
}

/**
 * A secret with user name and password of a registry.
 */
export interface RepositoryCredentials {
  /**
   * ARN of the secret; its name alone is enough in the same region.
   */
  readonly credentials_parameter: string;
}

/**
 * Operating system and processor.
 */
export interface RuntimePlatform {
  /**
   * The Windows families exist on Fargate only.
   */
  readonly operating_system_family?:
    "LINUX" | "WINDOWS_SERVER_2019_CORE" | "WINDOWS_SERVER_2019_FULL" | "WINDOWS_SERVER_2022_CORE" | "WINDOWS_SERVER_2022_FULL";
  /**
   * Processor that the image is built for.
   */
  readonly cpu_architecture?: "X86_64" | "ARM64";
}

/**
 * Network of a Fargate task.
 */
export interface NetworkConfiguration {
  /**
   * Give the task a public address.
   */
  readonly assign_public_ip?: "ENABLED" | "DISABLED";
}

/**
 * Version of Fargate.
 */
export interface FargatePlatformConfiguration {
  /**
   * A version such as 1.4.0, or LATEST.
   */
  readonly platform_version?: string;
}

/**
 * Disk of a Fargate task.
 */
export interface EphemeralStorage {
  /**
   * GiB, 21 to 200.
   */
  readonly size_in_gib: number;
}

/**
 * How often a job is tried, and after which failures.
 */
export interface RetryStrategy {
  /**
   * Number of attempts, including the first one: 1 to 10. AWS requires it with evaluate_on_exit.
   */
  readonly attempts?: number;
  /**
   * Up to five rules, evaluated in order; the first match decides. When none matches, the job is retried.
   *
   * @maxItems 5
   */
  readonly evaluate_on_exit?: readonly RetryRule[];
}

/**
 * What to do after a failed attempt that matches all specified patterns. A pattern may end in *, which matches any ending.
 */
export interface RetryRule {
  /**
   * Retry the job, or end it as failed.
   */
  readonly action: "RETRY" | "EXIT";
  /**
   * Pattern for the status reason of the attempt: letters, digits, full stops, colons and white space. For a reclaimed Spot instance it starts with Host EC2.
   */
  readonly on_status_reason?: string;
  /**
   * Pattern for the reason of the container: letters, digits, full stops, colons and white space.
   */
  readonly on_reason?: string;
  /**
   * Pattern for the exit code: digits.
   */
  readonly on_exit_code?: string;
}

/**
 * How long an attempt may run.
 */
export interface JobTimeout {
  /**
   * Seconds after which an attempt is ended, at least 60. It is not retried after that.
   */
  readonly attempt_duration_seconds: number;
}

/**
 * Where jobs wait for a compute environment: job-queue.json.
 */
export interface JobQueue {
  /**
   * Schema of this file, for completion in an editor. It is not sent to AWS.
   */
  readonly $schema?: string;
  /**
   * Name of the job queue. 1 to 128 letters, digits, - and _, starting with a letter or digit.
   */
  readonly name: string;
  /**
   * A DISABLED queue accepts no new jobs; those already in it are finished.
   */
  readonly state?: "ENABLED" | "DISABLED";
  /**
   * Among queues on the same environment, the one with the higher number is served first. 0 to 1000.
   */
  readonly priority: number;
  /**
   * One to three environments. A job goes to the first one, in ascending order, that has capacity.
   *
   * @minItems 1
   * @maxItems 3
   */
  readonly compute_environment_order: readonly ComputeEnvironmentOrder[];
  /**
   * Cancel the job at the head of the queue when it cannot start for a known reason, so that it does not block those behind it.
   */
  readonly job_state_time_limit_actions?: readonly JobStateTimeLimitAction[];
  /**
   * ARN of a fair-share scheduling policy; without one the queue is first in, first out. It can be exchanged later, but neither added nor removed.
   */
  readonly scheduling_policy_arn?: string;
  /**
   * Tags of the job queue.
   */
  readonly tags?: ResourceTags;
}

/**
 * A compute environment and its position.
 */
export interface ComputeEnvironmentOrder {
  /**
   * Position among the environments; the lowest is tried first.
   */
  readonly order: number;
  /**
   * Name of an environment of this module, or the ARN of another one.
   */
  readonly compute_environment: string;
}

/**
 * What to do with a job that has been waiting too long for one reason.
 */
export interface JobStateTimeLimitAction {
  /**
   * Why the job waits, in the exact words of AWS Batch. AWS accepts any text, but an unknown one has no effect.
   */
  readonly reason: string;
  /**
   * State that the job is in; AWS Batch supports only RUNNABLE.
   */
  readonly state: "RUNNABLE";
  /**
   * Maximum number of seconds that the job may wait for this reason, 600 to 86400.
   */
  readonly max_time_seconds: number;
  /**
   * What happens to the job then. AWS also has TERMINATE, for another kind of queue.
   */
  readonly action: "CANCEL";
}

/**
 * The function that processes small chunks: lambda-function.json.
 */
export interface LambdaFunction {
  /**
   * Schema of this file, for completion in an editor. It is not sent to AWS.
   */
  readonly $schema?: string;
  /**
   * Name of the function. 1 to 64 letters, digits, - and _.
   */
  readonly name: string;
  /**
   * What the function is for.
   */
  readonly description?: string;
  /**
   * ARN of the execution role of the function.
   */
  readonly role: string;
  /**
   * Where the code comes from: a zip file in S3 (s3_bucket and s3_key), a local zip file (filename), or a container image (image_uri).
   */
  readonly package: Package;
  /**
   * Version of Node.js. Not used by a container image. Version 5.100 of the AWS provider does not support nodejs24.x yet.
   */
  readonly runtime?: "nodejs20.x" | "nodejs22.x" | "nodejs24.x";
  /**
   * File and function that is called. Not used by a container image.
   */
  readonly handler?: string;
  /**
   * Processor that the function runs on: one of the two.
   *
   * @minItems 1
   * @maxItems 1
   *
   * Items: Processor.
   */
  readonly architectures?: readonly ("x86_64" | "arm64")[];
  /**
   * Memory in MiB. The share of processors grows with it: 1769 MiB correspond to one.
   */
  readonly memory_size?: number;
  /**
   * Seconds that a call may take. The function stops cleanly before that, and the next call continues.
   */
  readonly timeout?: number;
  /**
   * Size of /tmp in MiB. The function writes nothing there, so the default of 512 is enough.
   */
  readonly ephemeral_storage_size?: number;
  /**
   * Concurrent calls that are reserved for this function, and that it cannot exceed. Without it, the function shares the limit of the account with all others.
   */
  readonly reserved_concurrent_executions?: number;
  /**
   * Variables by name. Secrets do not belong here.
   */
  readonly environment?: {
    readonly [k: string]: string;
  };
  /**
   * Where the function's network interfaces are. Without it the function cannot reach brokers in a VPC.
   */
  readonly vpc_config?: VpcConfig;
  /**
   * Active traces calls with AWS X-Ray; PassThrough only those whose caller is traced.
   */
  readonly tracing_mode?: "Active" | "PassThrough";
  /**
   * ARN of a key of your own to encrypt the environment with; without it Lambda uses its own.
   */
  readonly kms_key_arn?: string;
  /**
   * Days that the function's log is kept; 0 keeps it indefinitely. CloudWatch supports only these numbers.
   */
  readonly log_retention_in_days?:
    | 0
    | 1
    | 3
    | 5
    | 7
    | 14
    | 30
    | 60
    | 90
    | 120
    | 150
    | 180
    | 365
    | 400
    | 545
    | 731
    | 1096
    | 1827
    | 2192
    | 2557
    | 2922
    | 3288
    | 3653;
  /**
   * ARN of a key of your own to encrypt the log group with; without it CloudWatch uses its own.
   */
  readonly log_kms_key_id?: string;
  /**
   * Tags of the function and of its log group.
   */
  readonly tags?: ResourceTags;
}

/**
 * Where the code comes from.
 */
export interface Package {
  /**
   * Bucket of the zip file.
   */
  readonly s3_bucket?: string;
  /**
   * Key of the zip file. A new version of the code has a new key: Terraform does not see that an object changed.
   */
  readonly s3_key?: string;
  /**
   * Version of the object, in a versioned bucket.
   */
  readonly s3_object_version?: string;
  /**
   * Path of the zip file on the machine that Terraform runs on.
   */
  readonly filename?: string;
  /**
   * Container image in a registry of the account, instead of a zip file.
   */
  readonly image_uri?: string;
}

/**
 * Subnets and security groups.
 */
export interface VpcConfig {
  /**
   * Ids of private subnets with access to the brokers, to S3 and to SQS.
   *
   * @minItems 1
   * @maxItems 16
   *
   * Items: Id of a subnet.
   */
  readonly subnet_ids: readonly string[];
  /**
   * Ids of security groups that allow egress of the function.
   *
   * @minItems 1
   * @maxItems 5
   *
   * Items: Id of a security group.
   */
  readonly security_group_ids: readonly string[];
}

/**
 * How instances are set up before they run jobs: launch-template.json.
 */
export interface LaunchTemplate {
  /**
   * Schema of this file, for completion in an editor. It is not sent to AWS.
   */
  readonly $schema?: string;
  /**
   * Name of the launch template. 3 to 128 letters, digits and ( ) . / _ -.
   */
  readonly name: string;
  /**
   * What this version is for; at most 255 characters.
   */
  readonly description?: string;
  /**
   * Volumes of an instance, by device.
   *
   * @minItems 1
   */
  readonly block_device_mappings?: readonly BlockDeviceMapping[];
  /**
   * Metrics every minute instead of every five.
   */
  readonly monitoring?: Monitoring;
  /**
   * Who can reach the metadata service of an instance, and how.
   */
  readonly metadata_options?: MetadataOptions;
  /**
   * Dedicated bandwidth to the volumes. Current instance types always have it.
   */
  readonly ebs_optimized?: boolean;
  /**
   * Ids of the security groups of the instances. Those of the compute environment replace them.
   *
   * @maxItems 16
   *
   * Items: Id of a security group.
   */
  readonly vpc_security_group_ids?: readonly string[];
  /**
   * Machine image. AWS Batch uses it only when the compute environment names no image.
   */
  readonly image_id?: string;
  /**
   * Name of the EC2 key pair for logging in to instances.
   */
  readonly key_name?: string;
  /**
   * Tags for the resources that are created with an instance.
   *
   * @maxItems 4
   */
  readonly tag_specifications?: readonly TagSpecification[];
  /**
   * Network interfaces of an instance. Subnets belong in the compute environment: AWS Batch ignores those specified here.
   */
  readonly network_interfaces?: readonly NetworkInterface[];
  /**
   * Where instances are placed. A placement group belongs in the compute environment.
   */
  readonly placement?: Placement;
  /**
   * Type of the instance. AWS Batch ignores it. Use compute_resources.instance_types.
   */
  readonly instance_type?: string;
  /**
   * Profile of the instance. AWS Batch ignores it. Use compute_resources.instance_role.
   */
  readonly iam_instance_profile?: IamInstanceProfile;
  /**
   * Spot or on demand. AWS Batch ignores it. compute_resources.type decides.
   */
  readonly instance_market_options?: InstanceMarketOptions;
  /**
   * Protects an instance from termination. AWS Batch ignores it.
   */
  readonly disable_api_termination?: boolean;
  /**
   * Protects an instance from being stopped. AWS Batch terminates its instances, it does not stop them.
   */
  readonly disable_api_stop?: boolean;
  /**
   * What a shutdown from inside does to the instance.
   */
  readonly instance_initiated_shutdown_behavior?: "stop" | "terminate";
  /**
   * Tags of the launch template itself; instances do not get them.
   */
  readonly tags?: ResourceTags;
}

/**
 * A device and the volume behind it.
 */
export interface BlockDeviceMapping {
  /**
   * Device of the volume. The root volume of the ECS images of Amazon Linux 2023 is /dev/xvda.
   */
  readonly device_name: string;
  /**
   * The volume.
   */
  readonly ebs: EbsVolume;
}

/**
 * Size, type and encryption of a volume.
 */
export interface EbsVolume {
  /**
   * Size in GiB; the limits depend on the type (gp3: 1 to 65536).
   */
  readonly volume_size?: number;
  /**
   * Kind of volume. By default EC2 uses gp2, or the type that the machine image names.
   */
  readonly volume_type?: "gp3" | "gp2" | "io2" | "io1" | "st1" | "sc1" | "standard";
  /**
   * Encrypt the volume at rest. By default the snapshot and the settings of the account decide.
   */
  readonly encrypted?: boolean;
  /**
   * ARN of a key of your own; without it the AWS managed key for EBS. A key of your own needs a grant for the service-linked role of Auto Scaling.
   */
  readonly kms_key_id?: string;
  /**
   * Operations per second for gp3, io1 and io2. gp3 offers 3000 to 80000, by default 3000.
   */
  readonly iops?: number;
  /**
   * MiB per second for gp3, 125 to 1000; by default 125. EC2 itself supports up to 2000, which version 5 of the Terraform provider rejects.
   */
  readonly throughput?: number;
  /**
   * Delete the volume together with the instance.
   */
  readonly delete_on_termination?: boolean;
  /**
   * Snapshot to start from. The root volume uses the one of its image.
   */
  readonly snapshot_id?: string;
}

/**
 * Detailed monitoring by CloudWatch.
 */
export interface Monitoring {
  /**
   * Metrics every minute, at extra cost.
   */
  readonly enabled: boolean;
}

/**
 * Access to the metadata service of an instance.
 */
export interface MetadataOptions {
  /**
   * Whether the service answers at all; the ECS agent needs it.
   */
  readonly http_endpoint?: "enabled" | "disabled";
  /**
   * required makes a session token mandatory (IMDSv2). By default the machine image decides; those of Amazon Linux 2023 require it.
   */
  readonly http_tokens?: "required" | "optional";
  /**
   * Network hops that the token travels, 1 to 64. With 1 a container on a bridge network cannot reach the service. By default the machine image decides.
   */
  readonly http_put_response_hop_limit?: number;
  /**
   * Whether the tags of the instance can be read there.
   */
  readonly instance_metadata_tags?: "enabled" | "disabled";
}

/**
 * One network interface of an instance.
 */
export interface NetworkInterface {
  /**
   * Position among the interfaces; 0 is the first.
   */
  readonly device_index?: number;
  /**
   * What it is for.
   */
  readonly description?: string;
  /**
   * Ids of its security groups. Cannot be combined with vpc_security_group_ids.
   *
   * @maxItems 16
   *
   * Items: Id of a security group.
   */
  readonly security_groups?: readonly string[];
  /**
   * Assign a public address to it.
   */
  readonly associate_public_ip_address?: boolean;
  /**
   * Delete it together with the instance.
   */
  readonly delete_on_termination?: boolean;
  /**
   * efa for the Elastic Fabric Adapter.
   */
  readonly interface_type?: "interface" | "efa" | "efa-only";
  /**
   * Card that it belongs to, on instances with several.
   */
  readonly network_card_index?: number;
  /**
   * Subnet of the interface. AWS Batch ignores it. Use compute_resources.subnets.
   */
  readonly subnet_id?: string;
}

/**
 * Where instances are placed.
 */
export interface Placement {
  /**
   * Hardware shared with others, or not.
   */
  readonly tenancy?: "default" | "dedicated" | "host";
  /**
   * Name of a placement group; the one of the compute environment takes precedence.
   */
  readonly group_name?: string;
  /**
   * Zone of the instance. The subnets of the compute environment decide.
   */
  readonly availability_zone?: string;
}

/**
 * An instance profile by name or ARN.
 */
export interface IamInstanceProfile {
  /**
   * Name of the profile.
   */
  readonly name?: string;
  /**
   * ARN of the profile.
   */
  readonly arn?: string;
}

/**
 * Spot or on demand.
 */
export interface InstanceMarketOptions {
  /**
   * How the instance is bought.
   */
  readonly market_type?: "spot" | "capacity-block";
  /**
   * Details of a Spot request.
   */
  readonly spot_options?: SpotOptions;
}

/**
 * Details of a Spot request.
 */
export interface SpotOptions {
  /**
   * Maximum price per hour in US dollars, as text. Use compute_resources.bid_percentage for a bid.
   */
  readonly max_price?: string;
  /**
   * Whether the request lasts longer than one instance.
   */
  readonly spot_instance_type?: "one-time" | "persistent";
  /**
   * What happens to a reclaimed instance.
   */
  readonly instance_interruption_behavior?: "hibernate" | "stop" | "terminate";
}

/**
 * Tags for one kind of resource.
 */
export interface TagSpecification {
  /**
   * Kind of resource that gets the tags.
   */
  readonly resource_type: "instance" | "volume" | "network-interface" | "spot-instances-request";
  /**
   * The tags.
   */
  readonly tags: ResourceTags;
}

/**
 * Log groups by purpose: log-groups.json. The keys validation and processing are the groups of the two jobs; others can be added.
 */
export interface LogGroups {
  /**
   * Schema of this file, for completion in an editor. It is not sent to AWS.
   */
  readonly $schema?: string;
  readonly [k: string]: LogGroup | string | undefined;
}

/**
 * A log group of CloudWatch Logs.
 */
export interface LogGroup {
  /**
   * Name of the group. 1 to 512 letters, digits and . - _ / #.
   */
  readonly name: string;
  /**
   * Days that events are kept; 0 keeps them indefinitely. CloudWatch supports only these numbers.
   */
  readonly retention_in_days?:
    | 0
    | 1
    | 3
    | 5
    | 7
    | 14
    | 30
    | 60
    | 90
    | 120
    | 150
    | 180
    | 365
    | 400
    | 545
    | 731
    | 1096
    | 1827
    | 2192
    | 2557
    | 2922
    | 3288
    | 3653;
  /**
   * ARN of a key of your own to encrypt with; without it CloudWatch uses its own.
   */
  readonly kms_key_id?: string;
  /**
   * INFREQUENT_ACCESS and DELIVERY are cheaper and have fewer features. The class cannot be changed later.
   */
  readonly log_group_class?: "STANDARD" | "INFREQUENT_ACCESS" | "DELIVERY";
  /**
   * On destroy, Terraform removes the group from its state instead of deleting the events.
   */
  readonly skip_destroy?: boolean;
  /**
   * Tags of the log group.
   */
  readonly tags?: ResourceTags;
}

/**
 * Security groups by key, such as scm-batch-processor-batch.
 */
export interface SecurityGroups {
  /**
   * Schema of this file, for completion in an editor. It is not sent to AWS.
   */
  readonly $schema?: string;
  readonly [k: string]: SecurityGroup | string | undefined;
}

/**
 * A security group and its rules.
 */
export interface SecurityGroup {
  /**
   * Name of the group; without it the prefix and the key. It cannot begin with sg-.
   */
  readonly name?: string;
  /**
   * What the group is for; at most 255 characters. A change replaces the group.
   */
  readonly description: string;
  /**
   * VPC of the group.
   */
  readonly vpc_id: string;
  /**
   * Allowed incoming traffic; none if left out.
   */
  readonly ingress?: readonly SecurityGroupRule[];
  /**
   * Allowed outgoing traffic; none if left out.
   */
  readonly egress?: readonly SecurityGroupRule[];
  /**
   * Tags of the group.
   */
  readonly tags?: ResourceTags;
}

/**
 * Traffic that is allowed.
 */
export interface SecurityGroupRule {
  /**
   * What the rule is for; at most 255 characters.
   */
  readonly description: string;
  /**
   * tcp, udp, icmp, icmpv6, or the number of a protocol; -1 for all of them.
   */
  readonly protocol: string;
  /**
   * First port, or the ICMP type; -1 for all ICMP types, 0 with protocol -1.
   */
  readonly from_port: number;
  /**
   * Last port, or the ICMP code; -1 for all ICMP codes, 0 with protocol -1.
   */
  readonly to_port: number;
  /**
   * Ranges of IPv4 addresses.
   *
   * Items: A range.
   */
  readonly cidr_blocks?: readonly string[];
  /**
   * Ranges of IPv6 addresses.
   *
   * Items: A range.
   */
  readonly ipv6_cidr_blocks?: readonly string[];
  /**
   * Ids of prefix lists, such as the one of the S3 endpoint.
   *
   * Items: Id of a prefix list.
   */
  readonly prefix_list_ids?: readonly string[];
  /**
   * Ids of other security groups.
   *
   * Items: Id of a security group.
   */
  readonly security_groups?: readonly string[];
  /**
   * Members of the same group.
   */
  readonly self?: boolean;
}

/**
 * A workflow in Amazon States Language: step-function-definition.json.
 */
export interface StateMachine {
  /**
   * Schema of this file, for completion in an editor. It is not sent to AWS.
   */
  readonly $schema?: string;
  /**
   * A note for the reader.
   */
  readonly Comment?: string;
  /**
   * How values are taken from input and output.
   */
  readonly QueryLanguage?: "JSONPath" | "JSONata";
  /**
   * Version of the language.
   */
  readonly Version?: string;
  /**
   * Seconds after which a run is ended.
   */
  readonly TimeoutSeconds?: number;
  /**
   * State that a run starts with.
   */
  readonly StartAt: string;
  /**
   * The states by name.
   */
  readonly States: States;
}

/**
 * States by name. A name has 1 to 80 characters.
 */
export interface States {
  readonly [k: string]: State;
}

/**
 * One step. Which keys apply depends on Type; those that are not listed here are accepted.
 */
export interface State {
  /**
   * Kind of state.
   */
  readonly Type: "Task" | "Pass" | "Choice" | "Wait" | "Succeed" | "Fail" | "Parallel" | "Map";
  /**
   * A note for the reader.
   */
  readonly Comment?: string;
  /**
   * How values are taken from input and output.
   */
  readonly QueryLanguage?: "JSONPath" | "JSONata";
  /**
   * State that comes next.
   */
  readonly Next?: string;
  /**
   * Nothing comes after this state.
   */
  readonly End?: boolean;
  /**
   * JSONPath: part of the input that is used; null for none of it.
   */
  readonly InputPath?: unknown;
  /**
   * JSONPath: part of the output that is passed on; null for none of it.
   */
  readonly OutputPath?: unknown;
  /**
   * JSONata: what is passed on.
   */
  readonly Output?: unknown;
  /**
   * Variables to set, by name.
   */
  readonly Assign?: unknown;
  /**
   * Task: ARN of the integration or function that is called.
   */
  readonly Resource?: string;
  /**
   * JSONPath: input of the call. A key that ends in .$ gets its value from a path.
   */
  readonly Parameters?: unknown;
  /**
   * JSONata: input of the call.
   */
  readonly Arguments?: unknown;
  /**
   * JSONPath: the part of the result that is kept.
   */
  readonly ResultSelector?: unknown;
  /**
   * JSONPath: where the result goes in the input; null to discard it.
   */
  readonly ResultPath?: unknown;
  /**
   * Task: role to make the call with.
   */
  readonly Credentials?: unknown;
  /**
   * Seconds after which the state fails with States.Timeout: a whole number, or a JSONata expression.
   */
  readonly TimeoutSeconds?: unknown;
  /**
   * JSONPath: path of the timeout.
   */
  readonly TimeoutSecondsPath?: string;
  /**
   * Maximum seconds between two heartbeats: a whole number, or a JSONata expression.
   */
  readonly HeartbeatSeconds?: unknown;
  /**
   * JSONPath: path of the heartbeat.
   */
  readonly HeartbeatSecondsPath?: string;
  /**
   * Which errors are retried, and how often.
   */
  readonly Retry?: readonly Retrier[];
  /**
   * Where to go after an error.
   */
  readonly Catch?: readonly Catcher[];
  /**
   * Pass: output of the state.
   */
  readonly Result?: unknown;
  /**
   * Choice: conditions, tried in order.
   *
   * @minItems 1
   */
  readonly Choices?: readonly ChoiceRule[];
  /**
   * Choice: state that comes next when no condition is true.
   */
  readonly Default?: string;
  /**
   * Wait: how long, a whole number or a JSONata expression.
   */
  readonly Seconds?: unknown;
  /**
   * Wait: path of the seconds.
   */
  readonly SecondsPath?: string;
  /**
   * Wait: until when.
   */
  readonly Timestamp?: string;
  /**
   * Wait: path of the time.
   */
  readonly TimestampPath?: string;
  /**
   * Fail: name of the error.
   */
  readonly Error?: string;
  /**
   * Fail: path of the name of the error.
   */
  readonly ErrorPath?: string;
  /**
   * Fail: what happened.
   */
  readonly Cause?: string;
  /**
   * Fail: path of what happened.
   */
  readonly CausePath?: string;
  /**
   * Parallel: state machines that run in parallel.
   *
   * @minItems 1
   */
  readonly Branches?: readonly SubMachine[];
  /**
   * Map: state machine that runs for every item.
   */
  readonly ItemProcessor?: SubMachine;
  /**
   * Map: older name of ItemProcessor.
   */
  readonly Iterator?: SubMachine;
  /**
   * Map with JSONata: the items.
   */
  readonly Items?: unknown;
  /**
   * Map with JSONPath: path of the items.
   */
  readonly ItemsPath?: string;
  /**
   * Distributed map: where in S3 the items are read from.
   */
  readonly ItemReader?: unknown;
  /**
   * Map: input of the processor for an item.
   */
  readonly ItemSelector?: unknown;
  /**
   * Distributed map: how items are grouped into batches.
   */
  readonly ItemBatcher?: unknown;
  /**
   * Distributed map: where in S3 results are written to.
   */
  readonly ResultWriter?: unknown;
  /**
   * Map: maximum number of items at a time, a whole number or a JSONata expression; 0 for no limit.
   */
  readonly MaxConcurrency?: unknown;
  /**
   * Map: path of the concurrency.
   */
  readonly MaxConcurrencyPath?: string;
  /**
   * Distributed map: share of items that may fail.
   */
  readonly ToleratedFailurePercentage?: unknown;
  /**
   * Distributed map: number of items that may fail.
   */
  readonly ToleratedFailureCount?: unknown;
  /**
   * Distributed map: name in the ARN of its runs; at most 40 characters.
   */
  readonly Label?: string;
  readonly [k: string]: unknown;
}

/**
 * A state machine inside a state.
 */
export interface SubMachine {
  /**
   * A note for the reader.
   */
  readonly Comment?: string;
  /**
   * How values are taken from input and output.
   */
  readonly QueryLanguage?: "JSONPath" | "JSONata";
  /**
   * Map: how the items are run.
   */
  readonly ProcessorConfig?: ProcessorConfig;
  /**
   * State that it starts with.
   */
  readonly StartAt: string;
  /**
   * The states by name.
   */
  readonly States: States;
}

/**
 * How the items of a map are run.
 */
export interface ProcessorConfig {
  /**
   * INLINE runs items inside this run, DISTRIBUTED as runs of their own.
   */
  readonly Mode?: "INLINE" | "DISTRIBUTED";
  /**
   * Kind of these runs; needed with DISTRIBUTED.
   */
  readonly ExecutionType?: "STANDARD" | "EXPRESS";
  readonly [k: string]: unknown;
}

/**
 * A condition, and where to go when it is true. JSONPath compares Variable with something; JSONata has Condition.
 */
export interface ChoiceRule {
  /**
   * State that comes next.
   */
  readonly Next?: string;
  /**
   * A note for the reader.
   */
  readonly Comment?: string;
  /**
   * Path of the value to compare.
   */
  readonly Variable?: string;
  /**
   * JSONata expression between {% and %}, or true or false.
   */
  readonly Condition?: unknown;
  /**
   * All of these are true.
   *
   * @minItems 1
   */
  readonly And?: readonly ChoiceRule[];
  /**
   * At least one of these is true.
   *
   * @minItems 1
   */
  readonly Or?: readonly ChoiceRule[];
  /**
   * This is false.
   */
  readonly Not?: ChoiceRule;
  /**
   * Whether Variable exists; false for the opposite.
   */
  readonly IsPresent?: boolean;
  /**
   * Whether Variable is a number; false for the opposite.
   */
  readonly IsNumeric?: boolean;
  /**
   * Whether Variable is a text; false for the opposite.
   */
  readonly IsString?: boolean;
  /**
   * Whether Variable is true or false; false for the opposite.
   */
  readonly IsBoolean?: boolean;
  /**
   * Whether Variable is null; false for the opposite.
   */
  readonly IsNull?: boolean;
  /**
   * Whether Variable is a time; false for the opposite.
   */
  readonly IsTimestamp?: boolean;
  /**
   * Compares Variable, a number, with this number.
   */
  readonly NumericEquals?: number;
  /**
   * Compares Variable, a number, with this number.
   */
  readonly NumericGreaterThan?: number;
  /**
   * Compares Variable, a number, with this number.
   */
  readonly NumericGreaterThanEquals?: number;
  /**
   * Compares Variable, a number, with this number.
   */
  readonly NumericLessThan?: number;
  /**
   * Compares Variable, a number, with this number.
   */
  readonly NumericLessThanEquals?: number;
  /**
   * Compares Variable, a number, with the number at this path.
   */
  readonly NumericEqualsPath?: string;
  /**
   * Compares Variable, a number, with the number at this path.
   */
  readonly NumericGreaterThanPath?: string;
  /**
   * Compares Variable, a number, with the number at this path.
   */
  readonly NumericGreaterThanEqualsPath?: string;
  /**
   * Compares Variable, a number, with the number at this path.
   */
  readonly NumericLessThanPath?: string;
  /**
   * Compares Variable, a number, with the number at this path.
   */
  readonly NumericLessThanEqualsPath?: string;
  /**
   * Compares Variable with true or false.
   */
  readonly BooleanEquals?: boolean;
  /**
   * Compares Variable, a text, with this text.
   */
  readonly StringEquals?: string;
  /**
   * Compares Variable, a text, with a pattern in which * matches anything.
   */
  readonly StringMatches?: string;
  /**
   * Compares Variable, a text, with this text.
   */
  readonly StringGreaterThan?: string;
  /**
   * Compares Variable, a text, with this text.
   */
  readonly StringGreaterThanEquals?: string;
  /**
   * Compares Variable, a text, with this text.
   */
  readonly StringLessThan?: string;
  /**
   * Compares Variable, a text, with this text.
   */
  readonly StringLessThanEquals?: string;
  readonly [k: string]: unknown;
}

/**
 * Errors after which a state is retried.
 */
export interface Retrier {
  /**
   * Names of errors, such as States.TaskFailed; States.ALL for all of them.
   *
   * @minItems 1
   *
   * Items: Name of an error.
   */
  readonly ErrorEquals: readonly string[];
  /**
   * Seconds before the first retry.
   */
  readonly IntervalSeconds?: number;
  /**
   * Maximum number of retries; 0 for none.
   */
  readonly MaxAttempts?: number;
  /**
   * Factor by which the interval grows; at least 1.
   */
  readonly BackoffRate?: number;
  /**
   * Maximum interval in seconds.
   */
  readonly MaxDelaySeconds?: number;
  /**
   * FULL makes the interval random, up to its full length, so that many runs do not retry together.
   */
  readonly JitterStrategy?: "FULL" | "NONE";
  /**
   * A note for the reader.
   */
  readonly Comment?: string;
  readonly [k: string]: unknown;
}

/**
 * Errors, and the state that comes next.
 */
export interface Catcher {
  /**
   * Names of errors, such as States.TaskFailed; States.ALL for all of them.
   *
   * @minItems 1
   *
   * Items: Name of an error.
   */
  readonly ErrorEquals: readonly string[];
  /**
   * State that comes next.
   */
  readonly Next: string;
  /**
   * JSONPath: where the error goes in the input; null to discard it.
   */
  readonly ResultPath?: unknown;
  /**
   * JSONata: what is passed on.
   */
  readonly Output?: unknown;
  /**
   * Variables to set, by name.
   */
  readonly Assign?: unknown;
  /**
   * A note for the reader.
   */
  readonly Comment?: string;
  readonly [k: string]: unknown;
}

/**
 * What surrounds the definition of the state machine: state-machine-settings.json.
 */
export interface StateMachineSettings {
  /**
   * Schema of this file, for completion in an editor. It is not sent to AWS.
   */
  readonly $schema?: string;
  /**
   * Name of the state machine. 1 to 80 letters, digits, - and _.
   */
  readonly name: string;
  /**
   * ARN of the execution role of the state machine.
   */
  readonly role_arn: string;
  /**
   * Name of the log group that events of runs are written to. By default it is the name of the state machine below /aws/vendedlogs/states/, where CloudWatch needs no resource policy that grows with every log group.
   */
  readonly log_group?: string;
  /**
   * Days that events are kept; 0 keeps them indefinitely. CloudWatch supports only these numbers.
   */
  readonly log_retention_in_days?:
    | 0
    | 1
    | 3
    | 5
    | 7
    | 14
    | 30
    | 60
    | 90
    | 120
    | 150
    | 180
    | 365
    | 400
    | 545
    | 731
    | 1096
    | 1827
    | 2192
    | 2557
    | 2922
    | 3288
    | 3653;
  /**
   * Which events are written to the log group. The history of every run is kept by Step Functions for 90 days in any case.
   */
  readonly log_level?: "ALL" | "ERROR" | "FATAL" | "OFF";
  /**
   * Write the input, the output and the causes of errors into the log as well.
   */
  readonly log_execution_data?: boolean;
  /**
   * ARN of a key of your own to encrypt the log group with; without it CloudWatch uses its own.
   */
  readonly log_kms_key_id?: string;
  /**
   * Trace runs with AWS X-Ray.
   */
  readonly tracing?: boolean;
  /**
   * Tags of the state machine and of its log group.
   */
  readonly tags?: ResourceTags;
}

/** The type of each kind of document. */
export interface DocumentTypes {
  readonly alarms: Alarms;
  readonly "compute-environment": ComputeEnvironment;
  readonly dashboard: Dashboard;
  readonly "event-rules": EventRules;
  readonly "iam-roles": IamRoles;
  readonly "job-definition": JobDefinition;
  readonly "job-queue": JobQueue;
  readonly "lambda-function": LambdaFunction;
  readonly "launch-template": LaunchTemplate;
  readonly "log-groups": LogGroups;
  readonly "security-groups": SecurityGroups;
  readonly "state-machine": StateMachine;
  readonly "state-machine-settings": StateMachineSettings;
}

/**
 * Schema of this file, for completion in an editor.
 */
export type Schema = string;
/**
 * Start of every name. 2 to 24 characters of a-z, 0-9 and -, starting with a letter and ending with a letter or digit.
 */
export type Prefix = string;
/**
 * Leave ${PREFIX} in the documents, to be bound by Terragrunt, instead of writing the prefix as a value.
 */
export type LatePrefix = boolean;
/**
 * Major version of the Terraform AWS provider that the module is written for.
 */
export type AWSProvider = 5 | 6;
/**
 * Region that everything is created in. A root.hcl that was written once is yours: change the region there too.
 */
export type AWSRegion = string;
/**
 * Bucket that files are read from and reports are written to.
 */
export type S3Bucket = string;
/**
 * Topic of the MSK cluster that records are delivered to.
 */
export type KafkaTopic = string;
/**
 * Where records go: the Kafka topic or the SQS queue.
 */
export type RecordDestination = "kafka" | "sqs_core";
/**
 * Number of the account, for the ARNs in policies. Without it Terragrunt gets the account of its credentials from AWS.
 */
export type AWSAccount = string;
/**
 * Number of records per chunk, except the last one.
 */
export type ChunkSize = number;
/**
 * Chunks with more records than this run on AWS Batch, all others on Lambda.
 */
export type Threshold = number;
/**
 * Maximum number of chunks that the state machine processes at the same time.
 */
export type Concurrency = number;
/**
 * An e-mail address.
 */
export type Address = string;
/**
 * E-mail addresses that are notified of alarms and failed jobs. AWS asks each of them once to confirm the subscription.
 *
 * @maxItems 50
 */
export type AlarmAddresses = Address[];
/**
 * ARNs of the actions of alarms: an SNS topic, a function, an OpsItem. With any, and without alarm_emails, no topic is created.
 *
 * @maxItems 4
 */
export type AlarmActions =
  [] | [Action] | [Action, Action] | [Action, Action, Action] | [Action, Action, Action, Action];
/**
 * ARN of an action.
 */
export type Action = string;
/**
 * ARN of a KMS key of your own that the alarm topic is encrypted with. Its policy has to allow cloudwatch.amazonaws.com and events.amazonaws.com to use it (kms:Decrypt and kms:GenerateDataKey), the latter without a condition on aws:SourceArn or aws:SourceAccount; the AWS managed key allows neither, so without a key of your own the topic is not encrypted at rest.
 */
export type KeyOfTheAlarmTopic = string;
/**
 * Days that the log group of monitoring keeps the events that rules match; 0 keeps them indefinitely. CloudWatch supports only these numbers.
 */
export type RetentionOfEvents =
  | 0
  | 1
  | 3
  | 5
  | 7
  | 14
  | 30
  | 60
  | 90
  | 120
  | 150
  | 180
  | 365
  | 400
  | 545
  | 731
  | 1096
  | 1827
  | 2192
  | 2557
  | 2922
  | 3288
  | 3653;
/**
 * ARN of a KMS key of your own to encrypt that log group with; without it CloudWatch uses its own.
 */
export type KeyOfEvents = string;
/**
 * Name of the dead-letter queue of the SQS queue, to be watched: it receives messages that the consumers could not process.
 */
export type DeadLetterQueue = string;
/**
 * ARN of a KMS key of your own that the bucket or the queue is encrypted with. The roles that read and write there may use it; its own policy has to allow the roles of the account.
 */
export type KMSKey = string;
/**
 * Generate the roles and their policies.
 */
export type WithIAMRoles = boolean;
/**
 * Generate the groups of the instances and of the function.
 */
export type WithSecurityGroups = boolean;
/**
 * Generate the function that processes small chunks.
 */
export type WithLambda = boolean;
/**
 * Generate the state machine that processes a file.
 */
export type WithStepFunction = boolean;
/**
 * Generate alarms, a dashboard and event rules.
 */
export type WithMonitoring = boolean;
/**
 * emit writes a root.hcl with provider and backend, once; external includes the existing root.hcl of a parent folder; none includes nothing.
 */
export type Root = "emit" | "external" | "none";
/**
 * S3 bucket for the Terraform state in the emitted root.hcl. Without it the state is kept in files next to root.hcl, which is suitable for one person trying it out.
 */
export type StateBucket = string;
/**
 * Source of the Terraform module, written once to modules.hcl. Without it the embedded copy in terraform-aws-batch/ is used.
 */
export type ModuleURL = string;
/**
 * Version of that module, written once to version.hcl: the ref of a Git source, the version of a registry source; not used by the embedded copy.
 */
export type ModuleVersion = string;
/**
 * Kind of the placeholder's value. Required for one of your own; a placeholder of the table keeps its kind.
 */
export type Kind = "string" | "list" | "map" | "number";
/**
 * Terragrunt expression that supplies the value: a path below local or dependency, such as dependency.vpc.outputs.private_subnets, or join(",", such a path), or basename(such a path).
 */
export type Expression = string;
/**
 * What the placeholder is for; shown in the generated README.
 */
export type Meaning = string;

/**
 * The config file of gen-batch-config. Only prefix is required; every other key has a default. The documents are named after their files: a partial document is an override, merged key by key over the default; null removes a key; an array replaces the whole array, except that named entries (such as environment) are merged by name.
 */
export interface Config {
  $schema?: Schema;
  prefix: Prefix;
  late_prefix: LatePrefix;
  aws_provider: AWSProvider;
  aws_region: AWSRegion;
  s3_bucket: S3Bucket;
  msk_topic: KafkaTopic;
  record_destination: RecordDestination;
  tags: Tags;
  aws_account_id?: AWSAccount;
  chunk_size: ChunkSize;
  batch_processing_threshold: Threshold;
  max_concurrency: Concurrency;
  alarm_emails: AlarmAddresses;
  alarm_actions: AlarmActions;
  alarm_topic_kms_key?: KeyOfTheAlarmTopic;
  event_log_retention_in_days: RetentionOfEvents;
  event_log_kms_key_id?: KeyOfEvents;
  sqs_dead_letter_queue?: DeadLetterQueue;
  kms_key_arn?: KMSKey;
  companions: Companions;
  terragrunt: Terragrunt;
  placeholders: Placeholders;
  ignore_rules: IgnoredRules;
  ecs_agent: ECSAgent;
  /**
   * A partial document.
   */
  compute_environment?: {readonly [key: string]: unknown};
  /**
   * A partial document.
   */
  job_queue?: {readonly [key: string]: unknown};
  /**
   * A partial document.
   */
  batch_validation_job?: {readonly [key: string]: unknown};
  /**
   * A partial document.
   */
  batch_processing_job?: {readonly [key: string]: unknown};
  /**
   * A partial document.
   */
  launch_template?: {readonly [key: string]: unknown};
  /**
   * A partial document.
   */
  log_groups?: {readonly [key: string]: unknown};
  /**
   * A partial document.
   */
  iam_roles?: {readonly [key: string]: unknown};
  /**
   * A partial document.
   */
  security_groups?: {readonly [key: string]: unknown};
  /**
   * A partial document.
   */
  lambda_function?: {readonly [key: string]: unknown};
  /**
   * A partial document.
   */
  step_function_definition?: {readonly [key: string]: unknown};
  /**
   * A partial document.
   */
  state_machine_settings?: {readonly [key: string]: unknown};
  /**
   * A partial document.
   */
  alarms?: {readonly [key: string]: unknown};
  /**
   * A partial document.
   */
  dashboard?: {readonly [key: string]: unknown};
  /**
   * A partial document.
   */
  event_rules?: {readonly [key: string]: unknown};
}
/**
 * Tags of every resource.
 */
export interface Tags {
  [k: string]: string;
}
/**
 * Units that are generated in addition to the batch unit. Set one to false to use a unit of your own instead.
 */
export interface Companions {
  iam_roles: WithIAMRoles;
  security_groups: WithSecurityGroups;
  lambda: WithLambda;
  step_function: WithStepFunction;
  monitoring: WithMonitoring;
}
/**
 * How the module is wired into a Terragrunt tree.
 */
export interface Terragrunt {
  root: Root;
  state_bucket?: StateBucket;
  module_url?: ModuleURL;
  module_version: ModuleVersion;
  dependencies: Dependencies;
}
/**
 * Folder of each unit that outputs are taken from, relative to the folder of the batch unit. A unit that is not listed here is expected next to it: security_groups in ../security-groups.
 */
export interface Dependencies {
  [k: string]: string;
}
/**
 * Change where a placeholder's value comes from, bind it to a value, or declare one of your own for use in an override. Specify one of expression and value.
 */
export interface Placeholders {
  [k: string]: {
    kind?: Kind;
    expression?: Expression;
    value?: Value;
    meaning?: Meaning;
  };
}
/**
 * Value of the placeholder's kind, written unchanged into the documents instead of the placeholder.
 */
export interface Value {
  [k: string]: unknown;
}
/**
 * Lint rules that do not apply here, each with the reason.
 */
export interface IgnoredRules {
  [k: string]: string;
}
/**
 * Settings of the ECS agent on every instance, added to those of batch_user_data.sh. A value is text on one line, written unchanged: placeholders are not bound here.
 */
export interface ECSAgent {
  [k: string]: string;
}
