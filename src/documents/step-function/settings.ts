/** What surrounds the definition: the name, the role, and what is written down of runs. */
export function defaultStateMachineSettings(): Readonly<Record<string, unknown>> {
  return {
    name: "${PREFIX}-batch-pipeline",
    role_arn: "${SCM_BATCH_PROCESSOR_STATE_MACHINE_ROLE}",
    log_retention_in_days: 30,
    log_level: "ERROR",
    log_execution_data: false,
    tracing: true,
  };
}
