// Generated from schemas/: run `npm run derive`. Do not edit.

/**
 * The shape of worker-contract.json: the settings of the worker programs, what they call, write and return. The command line and help of the workers, the generated job definitions, function and policies, and the tables of the documentation all follow from it.
 */
export interface WorkerContract {
  /**
   * For editors.
   */
  readonly $schema?: string;
  /**
   * The programs in the images.
   *
   * @minItems 1
   */
  readonly workers: readonly ContractWorker[];
  readonly shared: ContractSettings;
  /**
   * Variables that AWS Batch sets and a worker reads.
   */
  readonly set_by_batch: {
    readonly variable: Variable;
    readonly meaning: Sentence;
  }[];
  /**
   * The resources that the calls use.
   */
  readonly resources: readonly WorkerResource[];
  /**
   * Signals that a worker handles.
   */
  readonly signals: {
    /**
     * Its name.
     */
    readonly signal: string;
    readonly meaning: Sentence;
  }[];
}

/**
 * A sentence, or several.
 */
export type Sentence = string;

/**
 * Text that is not empty.
 */
export type Text = string;

/**
 * The name of an environment variable.
 */
export type Variable = string;

/**
 * Variables, each with a list of values; every variable has to have one of its values. "location" is the kind of the locations among the arguments: "s3" or "key".
 */
export interface WorkerCondition {
  /**
   * @minItems 1
   */
  readonly [k: string]: readonly string[];
}

/**
 * Something that is set with a flag, a variable of the environment, or either.
 */
export interface WorkerSetting {
  /**
   * The command-line flag; without one, only the variable sets it.
   */
  readonly flag?: string;
  readonly variable: Variable;
  /**
   * How its text is read: see workers/settings/readValue.ts.
   */
  readonly type: "text" | "count" | "share" | "choice" | "character" | "location" | "folder" | "columns";
  readonly meaning: Sentence;
  readonly example: Text;
  /**
   * Always required.
   */
  readonly required?: true;
  /**
   * Any one of these makes it required.
   *
   * @minItems 1
   */
  readonly required_when?: readonly WorkerCondition[];
  /**
   * Exactly one of the settings that share this word is specified.
   */
  readonly one_of?: string;
  readonly default?: Text;
  /**
   * The text that means that there is no value.
   */
  readonly none?: string;
  /**
   * All values of a choice.
   *
   * @minItems 2
   */
  readonly choices?: readonly Text[];
  /**
   * Regular expression that the whole text matches.
   */
  readonly pattern?: string;
  /**
   * The pattern in words.
   */
  readonly expected?: string;
  /**
   * Minimum of a count.
   */
  readonly minimum?: number;
  /**
   * Maximum of a count.
   */
  readonly maximum?: number;
  /**
   * Its value is never shown, and never part of a job definition's environment.
   */
  readonly secret?: true;
  readonly job_definition?: InJobDefinition;
}

/**
 * How the generated job definition sets it: as a parameter of the command, or as a variable with a value.
 */
export interface InJobDefinition {
  /**
   * Name of the job parameter that the command refers to.
   */
  readonly parameter?: string;
  /**
   * Text of a document, which may contain placeholders.
   */
  readonly value?: string;
  /**
   * The key of the config whose value it is. The key's default, minimum and maximum are those of the setting.
   */
  readonly config?: string;
  /**
   * The property of the container that the variable repeats.
   */
  readonly copy?: "vcpus";
}

/**
 * Settings with a flag, and those that only the environment sets.
 */
export interface ContractSettings {
  /**
   * Each has a flag, and a variable that can be used instead.
   */
  readonly arguments: readonly WorkerSetting[];
  /**
   * Variables without a flag.
   */
  readonly environment: readonly WorkerSetting[];
}

/**
 * An AWS action that a worker calls.
 */
export interface WorkerCall {
  /**
   * Service and operation, as IAM names them.
   */
  readonly action: string;
  /**
   * Name of a resource below.
   */
  readonly resource: string;
  readonly when?: WorkerCondition;
  readonly why: Sentence;
}

/**
 * The resource of a call.
 */
export interface WorkerResource {
  /**
   * Its name in the calls.
   */
  readonly name: string;
  /**
   * Id of the statement about it in a policy.
   */
  readonly sid: string;
  readonly meaning: Sentence;
  readonly variable: Variable;
  /**
   * Text of a document, which may contain placeholders.
   */
  readonly arn: string;
}

/**
 * A situation of a user and the command for it, as the help shows them.
 */
export interface WorkerSituation {
  readonly when: Text;
  readonly command: Text;
}

/**
 * A file or folder that a worker writes.
 */
export interface WorkerOutput {
  readonly path: Text;
  readonly when: Text;
  readonly meaning: Sentence;
}

/**
 * How the worker differs as a function of AWS Lambda.
 */
export interface WorkerFunction {
  readonly meaning: Sentence;
  readonly choices: WorkerCondition;
  /**
   * Variables that Lambda sets.
   */
  readonly set_by_service: readonly Variable[];
  /**
   * Variables that have no effect there.
   */
  readonly without: readonly Variable[];
}

/**
 * A program in an image: its settings, and what it does with AWS.
 */
export interface ContractWorker {
  /**
   * Name of the program.
   */
  readonly name: "batch_validator" | "batch_processor";
  /**
   * Its path in the image.
   */
  readonly program: string;
  /**
   * The job definition that runs it.
   */
  readonly job: "validation" | "processing";
  readonly meaning: Sentence;
  /**
   * What the help starts with.
   */
  readonly situations: readonly WorkerSituation[];
  /**
   * Each has a flag, and a variable that can be used instead.
   */
  readonly arguments: readonly WorkerSetting[];
  /**
   * Variables without a flag.
   */
  readonly environment: readonly WorkerSetting[];
  /**
   * AWS actions that it calls.
   */
  readonly calls: readonly WorkerCall[];
  /**
   * What it writes.
   */
  readonly outputs: readonly WorkerOutput[];
  readonly lambda?: WorkerFunction;
}
