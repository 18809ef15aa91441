import table from "../../schemas/worker-contract.json" with { type: "json" };

/** Something that a worker is told, by an argument or by a variable of its environment. */
export interface WorkerSetting {
  readonly flag?: string;
  readonly variable: string;
  readonly meaning: string;
  readonly example: string;
  readonly required?: boolean;
  /** Any one of these makes it required; within one, all have to hold. */
  readonly required_when?: readonly WorkerCondition[];
  readonly default?: string;
  readonly choices?: readonly string[];
  readonly pattern?: string;
  readonly secret?: boolean;
  /** How the generated job definition says it: as a parameter of the command, or as a variable with a value. */
  readonly job_definition?: {
    readonly parameter?: string;
    /** Text of a document, which may hold placeholders. */
    readonly value?: string;
    /** The key of the config whose value it is. */
    readonly config?: string;
    /** The key of the container's properties that the variable repeats. */
    readonly copy?: string;
  };
}

/** Variables and the values of which each has one; "location" is what the locations among the arguments are. */
export type WorkerCondition = Readonly<Record<string, readonly string[]>>;

/** An action of AWS that a worker calls; `when` is a condition on its settings. */
export interface WorkerCall {
  readonly action: string;
  readonly resource: string;
  readonly why: string;
  readonly when?: WorkerCondition;
}

/** What a call is on. */
export interface WorkerResource {
  readonly name: string;
  /** Id of the statement about it in a policy. */
  readonly sid: string;
  readonly meaning: string;
  /** The variable that names it to a worker. */
  readonly variable: string;
  /** Text of a document, which may hold placeholders. */
  readonly arn: string;
}

/** A program in an image: what it is told, and what it does with AWS. */
export interface Worker {
  readonly name: string;
  readonly program: string;
  readonly job: "validation" | "processing";
  readonly meaning: string;
  /** Arguments first, then what only the environment says. */
  readonly settings: readonly WorkerSetting[];
  readonly calls: readonly WorkerCall[];
  /** How the worker differs as a function of AWS Lambda. */
  readonly lambda?: {
    /** The values that a variable may have there. */
    readonly choices: Readonly<Record<string, readonly string[]>>;
    /** Variables that Lambda sets. */
    readonly set_by_service: readonly string[];
    /** Variables that say nothing there. */
    readonly without: readonly string[];
  };
}

export const workers: readonly Worker[] = (table as unknown as Table).workers.map((worker) => ({
  ...worker,
  settings: settingsOf(worker),
}));

function settingsOf(worker: Parts): readonly WorkerSetting[] {
  const { shared } = table as unknown as Table;
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

export const workerResources: readonly WorkerResource[] = (table as unknown as Table).resources;

export function workerOf(job: Worker["job"]): Worker {
  const worker = workers.find((candidate) => candidate.job === job);
  if (worker === undefined) throw new Error(`schemas/worker-contract.json has no worker for ${job}`);
  return worker;
}

/** A condition as a clause, to follow "when". */
export function conditionText(condition: WorkerCondition): string {
  const clauses = Object.entries(condition).map(([name, values]) => {
    if (name !== "location") return `${name} is ${values.join(" or ")}`;
    return values.includes("key") ? "a location is a key, neither s3:// nor a file" : "a location is in S3";
  });
  return clauses.join(" and ");
}

/** Names of the parameters that a job of the workers is submitted with. */
export const workerParameters: readonly string[] = [
  ...new Set(workers.flatMap(({ settings }) => settings.flatMap((setting) => setting.job_definition?.parameter ?? []))),
];

interface Parts {
  readonly arguments: readonly WorkerSetting[];
  readonly environment: readonly WorkerSetting[];
}

interface Table {
  readonly workers: readonly (Omit<Worker, "settings"> & Parts)[];
  readonly shared: Parts;
  readonly resources: readonly WorkerResource[];
}
