import table from "../../schemas/worker-contract.json" with { type: "json" };
import type {
  ContractWorker,
  WorkerCall,
  WorkerCondition,
  WorkerContract,
  WorkerResource,
  WorkerSetting,
} from "../derived/workerContract.ts";

export type { WorkerCall, WorkerCondition, WorkerResource, WorkerSetting };

/** A program in an image: the settings that it gets, and the AWS calls that it makes. */
export interface Worker extends Omit<ContractWorker, "arguments" | "environment"> {
  /** Its own and the shared ones: arguments first, then those that only the environment can set. */
  readonly settings: readonly WorkerSetting[];
}

export type WorkerName = Worker["name"];

/** A test holds the file to its schema, from which the type is derived. */
const contract = table as WorkerContract;

export const workers: readonly Worker[] = contract.workers.map((worker) => ({
  ...worker,
  settings: settingsOf(worker),
}));

export const workerResources: readonly WorkerResource[] = contract.resources;

export function workerNamed(name: WorkerName): Worker {
  return found(
    workers.find((worker) => worker.name === name),
    name,
  );
}

export function workerOf(job: Worker["job"]): Worker {
  return found(
    workers.find((worker) => worker.job === job),
    job,
  );
}

/** The setting with this variable, of any worker. */
export function settingNamed(variable: string): WorkerSetting {
  const settings = workers.flatMap((worker) => worker.settings);
  return found(
    settings.find((setting) => setting.variable === variable),
    variable,
  );
}

/** Names of the parameters that jobs of the workers are submitted with. */
export const workerParameters: readonly string[] = [
  ...new Set(workers.flatMap(({ settings }) => settings.flatMap((setting) => setting.job_definition?.parameter ?? []))),
];

/** A condition as a clause, to follow "when" or "because". */
export function conditionText(condition: WorkerCondition): string {
  const clauses = Object.entries(condition).map(([name, values]) => {
    if (name !== "location") return `${name} is ${values.join(" or ")}`;
    return values.includes("key") ? "a location is a key, neither s3:// nor a file" : "a location is in S3";
  });
  return clauses.join(" and ");
}

function settingsOf(worker: ContractWorker): readonly WorkerSetting[] {
  const { shared } = contract;
  const settings = [...worker.arguments, ...shared.arguments, ...worker.environment, ...shared.environment];
  const known = new Set(["location", ...settings.map(({ variable }) => variable)]);
  return settings.map((setting) => withoutOthersConditions(setting, known));
}

/** Of the conditions of a shared setting, only those that can hold for this worker. */
function withoutOthersConditions(setting: WorkerSetting, known: ReadonlySet<string>): WorkerSetting {
  if (setting.required_when === undefined) return setting;
  const required_when = setting.required_when.filter((condition) =>
    Object.keys(condition).every((name) => known.has(name)),
  );
  return { ...setting, required_when };
}

function found<Row>(row: Row | undefined, name: string): Row {
  if (row === undefined) throw new Error(`schemas/worker-contract.json does not have ${name}`);
  return row;
}
