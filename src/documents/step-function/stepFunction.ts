import type { Data, Documents, Making } from "../making.ts";
import { defaultStateMachine } from "./stateMachine.ts";

type Before = Documents<"batch">;

export function stepFunction(making: Making<Before>): Documents<"step-function"> {
  const { config, before, document } = making;
  return {
    "step-function-definition": document("step-function-definition", defaultStateMachine(config, before)),
    "state-machine-settings": document("state-machine-settings", defaultSettings),
  };
}

/** What surrounds the definition: the name, the role, and what is logged about runs. */
const defaultSettings: Data = {
  name: "${PREFIX}-batch-pipeline",
  role_arn: "${SCM_BATCH_PROCESSOR_STATE_MACHINE_ROLE}",
  log_retention_in_days: 30,
  log_level: "ERROR",
  log_execution_data: false,
  tracing: true,
};
