import type { Config } from "../../derived/types.ts";
import type { BatchDocuments } from "./companionDefaults.ts";

/** Groups. */
export function defaultSecurityGroups(_config: Config, _batch: BatchDocuments): Readonly<Record<string, unknown>> {
  return {
    "scm-batch-processor-batch": {
      description: "Instances of AWS Batch",
      vpc_id: "${VPC_ID}",
      egress: [{ description: "HTTPS", protocol: "tcp", from_port: 443, to_port: 443, cidr_blocks: ["0.0.0.0/0"] }],
    },
  };
}
