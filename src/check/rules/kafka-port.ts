import type { SecurityGroup } from "../../derived/types.ts";
import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { workerOf } from "../../shared/contract.ts";
import { pointerTo } from "../../shared/pointer.ts";
import { functionValue, jobValue } from "../rules-support/callers.ts";
import { jobOf } from "../rules-support/settingsOf.ts";

const group = "scm-batch-processor-batch";
const functionGroup = "scm-batch-processor-lambda";
const port = (number: number) => ({
  documents: {
    "security-groups.json": {
      [group]: {
        egress: [
          {
            description: "AWS interfaces",
            protocol: "tcp",
            from_port: 443,
            to_port: 443,
            cidr_blocks: ["0.0.0.0/0"],
          },
          {
            description: "Kafka",
            protocol: "tcp",
            from_port: number,
            to_port: number,
            cidr_blocks: ["${VPC_CIDR}"],
          },
        ],
      },
    },
  },
});

export const kafkaPort = defineRule({
  id: "kafka-port",
  severity: "error",
  summary: "A security group lets out traffic to the port on which the brokers accept the worker's kind of login.",
  why:
    "Amazon MSK has a port for each: 9098 for IAM, 9096 for SCRAM, 9094 for TLS alone, 9092 for none. On any " +
    "other port the worker waits until it gives up, and nothing points to the security group.",
  source: "https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html",
  examples: {
    good: [{ shows: "the port for IAM", ...port(9098) }],
    bad: [
      { shows: "the port for SCRAM, with KAFKA_SECURITY iam", ...port(9096) },
      { shows: "the port of brokers without authentication", ...port(9092) },
    ],
  },
  *check(subject) {
    for (const document of subject.securityGroups) {
      for (const [key, group] of Object.entries(document.value)) {
        const wanted = wantedPorts(key, subject);
        if (typeof group !== "object" || wanted.length === 0) continue;
        for (const finding of wrongPorts(group, wanted)) {
          yield { document, ...finding, pointer: `${pointerTo("", key)}/egress/${finding.pointer}` };
        }
      }
    }
  },
});

type Value = (variable: string) => string | undefined;

/** The ports of the brokers that a group's user connects to; empty without brokers, or with an unknown kind of login. */
function wantedPorts(key: string, subject: Subject): readonly number[] {
  return [...new Set(usersOf(key, subject).flatMap(portOf))];
}

/** What the module attaches the group to. The users of other groups are not known here. */
function usersOf(key: string, subject: Subject): readonly Value[] {
  const worker = workerOf("processing");
  const job = jobOf("processing", subject);
  if (key === group) return job ? [(name) => jobValue(name, job, worker)] : [];
  if (key !== functionGroup) return [];
  return subject.lambdaFunctions.map((document) => (name) => functionValue(name, document, worker));
}

function portOf(value: Value): readonly number[] {
  const destination = value("RECORD_DESTINATION");
  // A destination that only Terragrunt knows may be Kafka.
  if (destination !== "kafka" && destination !== undefined) return [];
  const security = value("KAFKA_SECURITY");
  if (security === "none") return [value("KAFKA_TLS") === "true" ? 9094 : 9092];
  const port = security === undefined ? undefined : portFor[security];
  return port === undefined ? [] : [port];
}

const portFor: Readonly<Record<string, number>> = { iam: 9098, scram: 9096 };
/** Self-managed brokers may listen on any other port. */
const portsOfMsk = [9092, 9094, 9096, 9098];

function* wrongPorts({ egress = [] }: SecurityGroup, wanted: readonly number[]): Iterable<Omit<Finding, "document">> {
  if (egress.some(({ from_port, to_port }) => wanted.some((port) => from_port <= port && to_port >= port))) return;
  for (const [index, { from_port: found, to_port }] of egress.entries()) {
    if (found !== to_port || !portsOfMsk.includes(found)) continue;
    yield {
      pointer: `${index}/from_port`,
      found,
      expected: `port ${wanted.join(" or ")}, according to KAFKA_SECURITY of the worker`,
      hint: `set from_port and to_port to ${wanted.join(" or ")}, or KAFKA_SECURITY to what the brokers require`,
    };
  }
}
