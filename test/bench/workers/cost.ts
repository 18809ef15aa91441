import { number, table } from "./measure/table.ts";

/** us-east-1, Linux, on demand, US dollars per hour: taken on 2026-11-23. A c5.4xlarge has 16 vCPUs. */
const c5_4xlarge = { dollarsPerHour: 0.68, vcpus: 16, asOf: "2026-11-23" } as const;
/** What the document that this module implements says that Spot saves. Real Spot prices move with place and hour. */
const spotSaving = 0.7;
/** The same document's "Performance Comparison", dollars for 60,000,000 records. */
const document = { records: 60_000_000, batchDollars: 26.4, lambdaDollars: 15 } as const;
/** A job holds what its definition asks for, used or not. */
const vcpusOfJob = 4;

export interface CostInput {
  /** Of one process; undefined when it was not measured. */
  readonly validatorRecordsPerSecond: number | undefined;
  readonly processorRecordsPerSecond: number | undefined;
}

/** What the measured speed would cost for the document's 60,000,000 records. */
export function costMarkdown({ validatorRecordsPerSecond, processorRecordsPerSecond }: CostInput): string {
  if (validatorRecordsPerSecond === undefined || processorRecordsPerSecond === undefined)
    return "Cost: not computed, because the validator or the processor was not measured.\n";
  const validator = document.records / validatorRecordsPerSecond / 3600;
  const processor = document.records / processorRecordsPerSecond / 3600;
  const perVcpuHour = c5_4xlarge.dollarsPerHour / c5_4xlarge.vcpus;
  const row = (what: string, vcpus: number) => {
    const hours = (validator + processor) * vcpus;
    const onDemand = hours * perVcpuHour;
    return [what, number(hours, 2), `$${number(onDemand * (1 - spotSaving), 3)}`, `$${number(onDemand, 3)}`];
  };
  const rows = [row(`as a job holds them: ${vcpusOfJob} vCPUs`, vcpusOfJob), row("as measured: 2 vCPUs", 2)];
  const speeds = `${number(validatorRecordsPerSecond)} records/s validated and ${number(processorRecordsPerSecond)} delivered to Kafka by one process each`;
  return `Compute for ${number(document.records)} records at ${speeds}.\n
${table(["vCPUs", "vCPU-hours", "c5 Spot", "c5 on demand"], rows)}
The document says $${document.batchDollars.toFixed(2)} for Batch and $${document.lambdaDollars} for Lambda. Price: c5.4xlarge $${c5_4xlarge.dollarsPerHour} an hour on demand in us-east-1 (${c5_4xlarge.asOf}), Spot ${spotSaving * 100} % less as the document has it. Left out: starting instances, S3, the brokers, data transfer, the difference between this machine's processor and a c5's.
`;
}
