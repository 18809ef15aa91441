import contract from "../../schemas/worker-contract.json" with { type: "json" };

export type WorkerName = "batch_validator" | "batch_processor";

/** One row of schemas/worker-contract.json: something that a worker is told by a flag, a variable, or either. */
export interface Setting {
  readonly flag?: string;
  readonly variable: string;
  readonly type: "text" | "count" | "share" | "choice" | "character" | "location" | "folder" | "columns";
  readonly meaning: string;
  readonly example: string;
  readonly required?: boolean;
  /** Any one of these makes it required; within one, all have to hold. */
  readonly required_when?: readonly Condition[];
  /** Exactly one of the settings that share this word is given. */
  readonly one_of?: string;
  readonly default?: string;
  /** The text that says that there is no value. */
  readonly none?: string;
  readonly choices?: readonly string[];
  readonly pattern?: string;
  /** What the pattern is, in words. */
  readonly expected?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Its value is never shown. */
  readonly secret?: boolean;
  readonly job_definition?: {
    readonly parameter?: string;
    readonly value?: string;
    readonly copy?: string;
  };
}

/** Variables and the values of which each has one; "location" is what the locations among the arguments are. */
export type Condition = Readonly<Record<string, readonly string[]>>;

export interface WorkerContract {
  readonly name: WorkerName;
  readonly program: string;
  readonly meaning: string;
  readonly situations: readonly { readonly when: string; readonly command: string }[];
  /** What has a flag comes first. */
  readonly settings: readonly Setting[];
  readonly outputs: readonly { readonly path: string; readonly when: string; readonly meaning: string }[];
}

export function contractOf(name: WorkerName): WorkerContract {
  const worker = (contract as unknown as Contract).workers.find((candidate) => candidate.name === name);
  if (worker === undefined) throw new Error(`schemas/worker-contract.json has no worker ${name}`);
  const { shared } = contract as unknown as Contract;
  const settings = [...worker.arguments, ...shared.arguments, ...worker.environment, ...shared.environment];
  const known = new Set(["location", ...settings.map(({ variable }) => variable)]);
  return { ...worker, settings: settings.map((setting) => withoutOthersConditions(setting, known)) };
}

/** Of the conditions of a shared setting, only those that can hold for this worker. */
function withoutOthersConditions(setting: Setting, known: ReadonlySet<string>): Setting {
  if (setting.required_when === undefined) return setting;
  const required_when = setting.required_when.filter((condition) =>
    Object.keys(condition).every((name) => known.has(name)),
  );
  return { ...setting, required_when };
}

interface Settings {
  readonly arguments: readonly Setting[];
  readonly environment: readonly Setting[];
}

interface Contract {
  readonly workers: readonly (Omit<WorkerContract, "settings"> & Settings)[];
  readonly shared: Settings;
}
