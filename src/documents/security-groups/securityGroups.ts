import type { Config, SecurityGroupRule } from "../../derived/types.ts";
import type { Data, Documents, Making } from "../making.ts";
import { canHold, functionSettings, jobSettings, type WorkerSettings } from "../workerSettings.ts";

type Before = Documents<"batch" | "lambda">;

export function securityGroups(making: Making<Before>): Documents<"security-groups"> {
  const { config, before, document } = making;
  return { "security-groups": document("security-groups", defaultGroups(config, before)) };
}

/**
 * The groups of the instances and of the function. Nothing connects to either; both go out to AWS and, when records may
 * go to Kafka, to the brokers. The VPC's own name server and clock are reached without a rule.
 */
function defaultGroups(config: Config, before: Before): Data {
  const job = jobSettings("processing", before["batch-processing-job"], config);
  return {
    "scm-batch-processor-batch": {
      description: "Instances of AWS Batch: nothing in, AWS and the brokers out",
      vpc_id: "${VPC_ID}",
      ingress: [],
      egress: [https, ...kafkaRules(job)],
    },
    "scm-batch-processor-lambda": {
      description: "Function for small chunks: nothing in, AWS and the brokers out",
      vpc_id: "${VPC_ID}",
      ingress: [],
      egress: [https, ...kafkaRules(functionSettings(before["lambda-function"], config))],
    },
  };
}

// The addresses of AWS change, and are outside of the VPC unless it has endpoints for every service in use.
const https: SecurityGroupRule = {
  description: "HTTPS to S3, SQS, CloudWatch Logs, ECS and ECR",
  protocol: "tcp",
  from_port: 443,
  to_port: 443,
  cidr_blocks: ["0.0.0.0/0"],
};

/** The ports of MSK, by how the brokers authenticate a client and whether the connection is encrypted. */
const kafkaPorts = [
  { port: 9098, description: "Kafka with IAM", when: { KAFKA_SECURITY: ["iam"] } },
  { port: 9096, description: "Kafka with SCRAM", when: { KAFKA_SECURITY: ["scram"] } },
  { port: 9094, description: "Kafka with TLS", when: { KAFKA_SECURITY: ["none"], KAFKA_TLS: ["true"] } },
  { port: 9092, description: "Kafka in plain text", when: { KAFKA_SECURITY: ["none"], KAFKA_TLS: ["auto", "false"] } },
] as const;

function kafkaRules(settings: WorkerSettings): readonly SecurityGroupRule[] {
  return kafkaPorts
    .filter(({ when }) => canHold({ RECORD_DESTINATION: ["kafka"], ...when }, settings))
    .map(({ port, description }) => ({
      description,
      protocol: "tcp",
      from_port: port,
      to_port: port,
      cidr_blocks: ["${VPC_CIDR}"],
    }));
}
