import type { InstanceType } from "../facts/instances.ts";
import type { Demand } from "./demands.ts";

/**
 * Memory that jobs can use on an instance, in MiB. AWS publishes no table: measurements gave 93.7 % of the nominal memory
 * (8 GiB, Nitro) to 97.9 %, so both ends get a margin. AWS Batch keeps another 32 MiB for the agent.
 */
export function usableMemory({ memory }: InstanceType): { readonly sure: number; readonly possible: number } {
  return { sure: Math.floor(memory * 0.925 - 32), possible: Math.floor(memory * 0.975 - 32) };
}

/** Jobs of a kind on one instance: as many as its vCPUs allow, and as many as certainly have enough memory. */
export interface Packing {
  readonly type: InstanceType;
  readonly byVcpus: number;
  readonly byMemory: number;
  /** Not one job can start, even with the maximum memory that such an instance was seen to offer. */
  readonly never: boolean;
}

export function pack(type: InstanceType, vcpus: number, memory: number): Packing {
  const { sure, possible } = usableMemory(type);
  return {
    type,
    byVcpus: Math.floor(type.vcpus / vcpus),
    byMemory: Math.floor(sure / memory),
    never: possible < memory || type.vcpus < vcpus,
  };
}

/** Whether an instance may have room for the job. A resource that the job does not specify always fits. */
export function mayRun(type: InstanceType, { vcpus, memory }: Demand): boolean {
  return type.vcpus >= (vcpus?.value ?? 0) && usableMemory(type).possible >= (memory?.value ?? 0);
}
