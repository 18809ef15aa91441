import { isIPv4, isIPv6 } from "node:net";
import type { SecurityGroup, SecurityGroupRule } from "../../derived/types.ts";
import { defineRule, type Finding } from "../../model/rule.ts";
import { pointerTo } from "../../shared/pointer.ts";
import { isSample } from "../rules-support/samples.ts";

const https = {
  description: "AWS interfaces",
  protocol: "tcp",
  from_port: 443,
  to_port: 443,
  cidr_blocks: ["0.0.0.0/0"],
};

function withGroup(changes: Readonly<Record<string, unknown>>) {
  const group = { description: "Instances of AWS Batch", vpc_id: "${VPC_ID}", egress: [https], ...changes };
  return { "security-groups.json": { example: group } };
}

export const securityGroupRules = defineRule({
  id: "security-group-rules",
  severity: "error",
  summary: "Security groups accept no connections, and allow egress only where it is needed.",
  why:
    "Batch instances are clients: they fetch work, images and data, so an open port is only a way in. Egress " +
    "to everywhere lets a compromised job send data anywhere; without egress on port 443 the ECS agent cannot " +
    "register and jobs wait in RUNNABLE. A description lets the next reader judge a rule.",
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  examples: {
    good: [
      {
        shows: "AWS and the brokers, and nothing else",
        documents: withGroup({
          egress: [
            https,
            {
              description: "Kafka with IAM",
              protocol: "tcp",
              from_port: 9098,
              to_port: 9098,
              cidr_blocks: ["10.0.0.0/16"],
            },
          ],
        }),
      },
    ],
    bad: [
      {
        shows: "an open port",
        documents: withGroup({ ingress: [{ ...https, description: "SSH", from_port: 22, to_port: 22 }] }),
      },
      {
        shows: "everything to everywhere",
        documents: withGroup({ egress: [{ ...https, protocol: "-1", from_port: 0, to_port: 0 }] }),
      },
      {
        shows: "the port of the brokers to everywhere",
        documents: withGroup({ egress: [https, { ...https, description: "Kafka", from_port: 9098, to_port: 9098 }] }),
      },
      {
        shows: "a range with more bits than an address has",
        documents: withGroup({ egress: [https, { ...https, description: "AWS", cidr_blocks: ["0.0.0.0/33"] }] }),
      },
      {
        shows: "an address that does not exist",
        documents: withGroup({ egress: [https, { ...https, description: "AWS", cidr_blocks: ["300.1.1.1/8"] }] }),
      },
      {
        shows: "a range that does not start at its first address",
        documents: withGroup({ egress: [https, { ...https, description: "AWS", cidr_blocks: ["10.0.0.5/16"] }] }),
      },
      {
        shows: "an IPv6 range that does not exist",
        documents: withGroup({
          egress: [https, { ...https, description: "AWS", ipv6_cidr_blocks: ["2001::db8::/32"] }],
        }),
      },
      {
        shows: "everywhere, written with another address",
        documents: withGroup({
          egress: [
            https,
            { ...https, description: "Kafka", from_port: 9098, to_port: 9098, cidr_blocks: ["10.0.0.0/0"] },
          ],
        }),
      },
      { shows: "no egress at all", documents: withGroup({ egress: [] }) },
      {
        shows: "a rule without a description",
        documents: withGroup({ egress: [{ ...https, description: " " }] }),
      },
    ],
  },
  *check({ securityGroups }) {
    for (const document of securityGroups) {
      for (const [key, group] of Object.entries(document.value)) {
        if (typeof group !== "object") continue;
        for (const { path, ...mistake } of mistakesIn(group)) {
          const pointer = `${pointerTo("", key)}/${path}`;
          if (!isSample(document, pointer)) yield { document, pointer, ...mistake };
        }
      }
    }
  },
});

interface Mistake extends Omit<Finding, "document" | "pointer"> {
  readonly path: string;
}

function* mistakesIn({ description, ingress = [], egress = [] }: SecurityGroup): Iterable<Mistake> {
  if (ingress.length > 0) {
    const hint = "remove ingress; Session Manager gives access to an instance without an open port";
    yield {
      path: "ingress",
      found: ingress,
      expected: "no ingress, because nothing has to connect to the instances or the function",
      hint,
    };
  }
  yield* rangeMistakes("ingress", ingress);
  yield* rangeMistakes("egress", egress);
  for (const [index, rule] of egress.entries()) {
    if (!allowsEverything(rule)) continue;
    const expected = "only the protocols and addresses that the jobs need";
    const hint = "allow tcp 443 for AWS, and the port of the Kafka brokers (9098 with IAM) to their network";
    yield { path: `egress/${index}/protocol`, found: rule.protocol, expected, hint };
  }
  for (const [index, rule] of egress.entries()) {
    if (!isEverywhere(rule) || allowsAllProtocols(rule) || isHttpsOnly(rule)) continue;
    const expected = "the addresses that this port is used for: only AWS, on 443, is everywhere";
    const hint = "name the range of the VPC, as in ${VPC_CIDR}, or the security group of the brokers";
    const list = rule.cidr_blocks?.some(isWhole) ? "cidr_blocks" : "ipv6_cidr_blocks";
    yield { path: `egress/${index}/${list}`, found: rule[list], expected, hint };
  }
  if (!egress.some(allowsHttps)) {
    const hint = "allow egress on tcp 443; without it the instance never joins the cluster";
    const expected = "a rule that allows egress on tcp 443, because the ECS agent needs it";
    yield { path: "egress", found: egress, expected, hint, severity: "warning" };
  }
  const described = [
    { path: "description", text: description },
    ...ingress.map((rule, index) => ({ path: `ingress/${index}/description`, text: rule.description })),
    ...egress.map((rule, index) => ({ path: `egress/${index}/description`, text: rule.description })),
  ];
  for (const { path, text } of described) {
    if (text.trim() !== "") continue;
    yield { path, found: text, expected: "a description", hint: "say what is reached and why" };
  }
}

function allowsAllProtocols({ protocol }: SecurityGroupRule): boolean {
  return protocol === "-1" || protocol === "all";
}

function allowsEverything(rule: SecurityGroupRule): boolean {
  return allowsAllProtocols(rule) && isEverywhere(rule);
}

function isEverywhere({ cidr_blocks = [], ipv6_cidr_blocks = [] }: SecurityGroupRule): boolean {
  return [...cidr_blocks, ...ipv6_cidr_blocks].some(isWhole);
}

/** With a length of 0, no bit of the address counts. */
function isWhole(range: string): boolean {
  return /\/0+$/.test(range);
}

function* rangeMistakes(direction: "ingress" | "egress", rules: readonly SecurityGroupRule[]): Iterable<Mistake> {
  for (const [index, { cidr_blocks = [], ipv6_cidr_blocks = [] }] of rules.entries()) {
    for (const [at, found] of cidr_blocks.entries()) {
      const path = `${direction}/${index}/cidr_blocks/${at}`;
      if (!isRange(found, isIPv4, 32)) {
        const expected = "a range of IPv4 addresses: four numbers up to 255, and up to 32 bits";
        yield { path, found, expected, hint: "write it like 10.0.0.0/16" };
      } else if (startOf(found) !== found) {
        const expected = "the first address of the range, because the AWS provider accepts no other";
        yield { path, found, expected, hint: `did you mean ${startOf(found)}?` };
      }
    }
    for (const [at, found] of ipv6_cidr_blocks.entries()) {
      if (isRange(found, isIPv6, 128)) continue;
      const expected = "a range of IPv6 addresses, of up to 128 bits";
      yield {
        path: `${direction}/${index}/ipv6_cidr_blocks/${at}`,
        found,
        expected,
        hint: "write it like 2001:db8::/32",
      };
    }
  }
}

/** A range of IPv4 addresses by its first address. */
function startOf(range: string): string {
  const [address = "", length = ""] = range.split("/");
  const fixed = Number(length);
  const bytes = address.split(".").map((byte, index) => {
    const open = Math.min(8, Math.max(0, 8 * (index + 1) - fixed));
    return Math.floor(Number(byte) / 2 ** open) * 2 ** open;
  });
  return `${bytes.join(".")}/${fixed}`;
}

function isRange(text: string, isAddress: (address: string) => boolean, bits: number): boolean {
  const [address = "", length = "", ...rest] = text.split("/");
  return rest.length === 0 && isAddress(address) && /^(?:0|[1-9]\d*)$/.test(length) && Number(length) <= bits;
}

function isHttpsOnly({ protocol, from_port, to_port }: SecurityGroupRule): boolean {
  return ["tcp", "6"].includes(protocol) && from_port === 443 && to_port === 443;
}

function allowsHttps(rule: SecurityGroupRule): boolean {
  if (allowsAllProtocols(rule)) return true;
  return ["tcp", "6"].includes(rule.protocol) && rule.from_port <= 443 && rule.to_port >= 443;
}
