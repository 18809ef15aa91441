/** Documents with one mistake each: the keyword that refuses it, and where. */
export const wrongDocuments = [
  environment("a key in the spelling of the API", { computeResources: {} }, "additionalProperties", ""),
  environment("a Fargate environment", resources({ type: "FARGATE" }), "enum", "/compute_resources/type"),
  environment("a bid above 100 %", resources({ bid_percentage: 250 }), "maximum", "/compute_resources/bid_percentage"),
  environment("vCPUs as text", resources({ max_vcpus: "256" }), "type", "/compute_resources/max_vcpus"),
  environment("no subnet", resources({ subnets: [] }), "minItems", "/compute_resources/subnets"),
  environment(
    "the same subnet twice",
    resources({ subnets: ["subnet-00000000", "subnet-00000000"] }),
    "uniqueItems",
    "/compute_resources/subnets",
  ),
  environment("a name with a blank", { name: "gss dev" }, "pattern", "/name"),
  environment(
    "an update that takes longer than AWS waits",
    { update_policy: { job_execution_timeout_minutes: 361 } },
    "maximum",
    "/update_policy/job_execution_timeout_minutes",
  ),
  environment(
    "three kinds of image",
    resources({ ec2_configuration: Array(3).fill({ image_type: "ECS_AL2023" }) }),
    "maxItems",
    "/compute_resources/ec2_configuration",
  ),
  environment("a fallback without a name", { fallback: { type: "MANAGED" } }, "required", "/fallback"),
  environment("a tag key with a comma", { tags: { "a,b": "c" } }, "pattern", "/tags"),
  queue(
    "four environments",
    { compute_environment_order: [1, 2, 3, 4].map((order) => ({ order, compute_environment: "c" })) },
    "maxItems",
    "/compute_environment_order",
  ),
  queue(
    "a limit below ten minutes",
    limit({ max_time_seconds: 599 }),
    "minimum",
    "/job_state_time_limit_actions/0/max_time_seconds",
  ),
  queue(
    "an action for another kind of queue",
    limit({ action: "TERMINATE" }),
    "enum",
    "/job_state_time_limit_actions/0/action",
  ),
  queue(
    "a state in which nothing happens",
    limit({ state: "RUNNING" }),
    "enum",
    "/job_state_time_limit_actions/0/state",
  ),
  job("no image", { container_properties: {} }, "required", "/container_properties"),
  job("a multi-node job", { type: "multinode" }, "enum", "/type"),
  job(
    "memory with a unit",
    container({ resource_requirements: [{ type: "MEMORY", value: "8 GB" }] }),
    "pattern",
    "/container_properties/resource_requirements/0/value",
  ),
  job(
    "a resource called CPU",
    container({ resource_requirements: [{ type: "CPU", value: "4" }] }),
    "enum",
    "/container_properties/resource_requirements/0/type",
  ),
  job(
    "an environment variable that is a number",
    container({ environment: [{ name: "A", value: 1 }] }),
    "type",
    "/container_properties/environment/0/value",
  ),
  job("the command as one text", container({ command: "run --now" }), "type", "/container_properties/command"),
  job(
    "a relative mount",
    container({ mount_points: [{ source_volume: "a", container_path: "tmp" }] }),
    "pattern",
    "/container_properties/mount_points/0/container_path",
  ),
  job("a parameter that is not text", { parameters: { maxInvalid: 0 } }, "type", "/parameters/maxInvalid"),
  job("eleven attempts", { retry_strategy: { attempts: 11 } }, "maximum", "/retry_strategy/attempts"),
  job(
    "a star inside a pattern",
    rule({ on_reason: "Cannot*Container" }),
    "pattern",
    "/retry_strategy/evaluate_on_exit/0/on_reason",
  ),
  job(
    "a parenthesis in a pattern",
    rule({ on_reason: "Host (EC2)" }),
    "pattern",
    "/retry_strategy/evaluate_on_exit/0/on_reason",
  ),
  job(
    "a rule without an action",
    { retry_strategy: { evaluate_on_exit: [{ on_exit_code: "75" }] } },
    "required",
    "/retry_strategy/evaluate_on_exit/0",
  ),
  job("half a minute", { timeout: { attempt_duration_seconds: 30 } }, "minimum", "/timeout/attempt_duration_seconds"),
  template("a name that is too short", { name: "ab" }, "minLength", "/name"),
  template(
    "a throughput that the provider refuses",
    volume({ throughput: 2000 }),
    "maximum",
    "/block_device_mappings/0/ebs/throughput",
  ),
  template(
    "an unknown kind of volume",
    volume({ volume_type: "gp4" }),
    "enum",
    "/block_device_mappings/0/ebs/volume_type",
  ),
  template(
    "a hop limit of 65",
    { metadata_options: { http_put_response_hop_limit: 65 } },
    "maximum",
    "/metadata_options/http_put_response_hop_limit",
  ),
  template("user data, which is a file of its own", { user_data: "#!/bin/sh" }, "additionalProperties", ""),
  wrong(
    "log-groups",
    "45 days",
    { processing: { name: "/aws/batch/a", retention_in_days: 45 } },
    "enum",
    "/processing/retention_in_days",
  ),
  wrong("log-groups", "a name with a colon", { processing: { name: "a:b" } }, "pattern", "/processing/name"),
  wrong("log-groups", "a purpose with a blank", { "my group": { name: "a" } }, "pattern", ""),
  wrong(
    "iam-roles",
    "a policy without a version",
    { job: { assume_role_policy: { Statement: [{ Effect: "Allow" }] } } },
    "required",
    "/job/assume_role_policy",
  ),
  wrong(
    "iam-roles",
    "a service that is none",
    { job: { trust: { services: ["batch"] } } },
    "pattern",
    "/job/trust/services/0",
  ),
  wrong(
    "security-groups",
    "a rule without a description",
    {
      batch: { description: "a", vpc_id: "vpc-00000000", egress: [{ protocol: "tcp", from_port: 443, to_port: 443 }] },
    },
    "required",
    "/batch/egress/0",
  ),
  wrong("state-machine", "no states", { StartAt: "A", States: {} }, "minProperties", "/States"),
  wrong(
    "state-machine",
    "a task that calls nothing",
    { StartAt: "A", States: { A: { Type: "Task", End: true } } },
    "required",
    "/States/A",
  ),
  wrong(
    "state-machine",
    "a threshold as text",
    {
      StartAt: "A",
      States: { A: { Type: "Choice", Choices: [{ And: [{ NumericGreaterThan: "290000" }], Next: "A" }] } },
    },
    "type",
    "/States/A/Choices/0/And/0/NumericGreaterThan",
  ),
  wrong(
    "state-machine",
    "an unknown state inside a map",
    {
      StartAt: "A",
      States: { A: { Type: "Map", End: true, ItemProcessor: { StartAt: "B", States: { B: { Type: "Loop" } } } } },
    },
    "enum",
    "/States/A/ItemProcessor/States/B/Type",
  ),
];

type Change = Readonly<Record<string, unknown>>;

function wrong(kind: string, what: string, document: Change, keyword: string, at: string) {
  return { kind, wrong: what, document, keyword, at };
}

function environment(what: string, change: Change, keyword: string, at: string) {
  return wrong("compute-environment", what, { name: "gss-dev-batch-compute", type: "MANAGED", ...change }, keyword, at);
}

function resources(change: Change): Change {
  return { compute_resources: { type: "SPOT", max_vcpus: 256, subnets: ["subnet-00000000"], ...change } };
}

function queue(what: string, change: Change, keyword: string, at: string) {
  const order = [{ order: 1, compute_environment: "gss-dev-batch-compute" }];
  return wrong(
    "job-queue",
    what,
    { name: "gss-dev-batch-queue", priority: 1, compute_environment_order: order, ...change },
    keyword,
    at,
  );
}

function limit(change: Change): Change {
  const action = {
    reason: "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY",
    state: "RUNNABLE",
    max_time_seconds: 600,
    action: "CANCEL",
  };
  return { job_state_time_limit_actions: [{ ...action, ...change }] };
}

function job(what: string, change: Change, keyword: string, at: string) {
  return wrong(
    "job-definition",
    what,
    { name: "gss-dev-job", type: "container", ...container({}), ...change },
    keyword,
    at,
  );
}

function container(change: Change): Change {
  return { container_properties: { image: "busybox:1", ...change } };
}

function rule(change: Change): Change {
  return { retry_strategy: { attempts: 3, evaluate_on_exit: [{ action: "RETRY", ...change }] } };
}

function template(what: string, change: Change, keyword: string, at: string) {
  return wrong("launch-template", what, { name: "gss-dev-template", ...change }, keyword, at);
}

function volume(ebs: Change): Change {
  return { block_device_mappings: [{ device_name: "/dev/xvda", ebs }] };
}
