import contract from "../../../schemas/worker-contract.json" with { type: "json" };
import { isObject } from "../../model/json.ts";
import type { Data, Documents, Making } from "../making.ts";

/** Version of the workers, which the name of the uploaded zip file ends with; a test compares it with workers/package.json. */
export const lambdaPackageVersion = "0.1.0";

export function lambda({ before, document }: Making<Documents<"batch">>): Documents<"lambda"> {
  return { "lambda-function": document("lambda-function", defaultFunction(before["batch-processing-job"])) };
}

/** The function for small chunks: the processor of the job, with the same environment. */
function defaultFunction(job: Data): Data {
  return {
    name: "${PREFIX}-batch-record-processor",
    description: "Delivers the records of small chunks",
    role: "${SCM_BATCH_PROCESSOR_LAMBDA_ROLE}",
    package: {
      s3_bucket: "${S3_BUCKET}",
      s3_key: `batch-processing/batch_processor-${lambdaPackageVersion}.zip`,
    },
    // The newest that version 5.100 of the AWS provider accepts.
    runtime: "nodejs22.x",
    handler: "index.handler",
    architectures: ["x86_64"],
    // A little more than one processor: reading, packing and sending happen on several threads of Node.js.
    memory_size: 2048,
    timeout: 900,
    environment: environmentOf(job),
    vpc_config: { subnet_ids: "${SUBNETS}", security_group_ids: ["${SCM_BATCH_PROCESSOR_LAMBDA_SG}"] },
    tracing_mode: "Active",
    log_retention_in_days: 30,
  };
}

/**
 * The variables of the job, with the user's changes, except those that Lambda sets itself or that have no effect there, and
 * names that AWS Batch accepts and Lambda rejects.
 */
function environmentOf({ container_properties }: Data): Readonly<Record<string, unknown>> {
  const entries = isObject(container_properties) ? container_properties.environment : undefined;
  const own = (Array.isArray(entries) ? entries : []).filter(isObject);
  return Object.fromEntries(
    own.map(({ name, value }) => [String(name), value] as const).filter(([name]) => isForLambda(name)),
  );
}

function isForLambda(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]+$/.test(name) && !notInLambda.has(name) && !reserved.test(name);
}

const notInLambda: ReadonlySet<string> = new Set(
  contract.workers.flatMap(({ lambda }) => (lambda ? [...lambda.set_by_service, ...lambda.without] : [])),
);

const reserved =
  /^(AWS_(DEFAULT_REGION|EXECUTION_ENV|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|LAMBDA_.*)|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR)$/;
