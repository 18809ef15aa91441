/** What a run has to know of the machine and the process that it is in. */
export interface Machine {
  /** Node, which the workers are started with. */
  readonly execPath: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `workers/dist` of this package. */
  readonly workersFolder: string;
  /** The program that calls the function once. */
  readonly lambdaHost: string;
  /** Calls for every SIGTERM and SIGINT until the function that it gives is called. */
  readonly onSignal: (listener: (signal: "SIGTERM" | "SIGINT") => void) => () => void;
  /** Width of the terminal that stderr is; undefined when it is none. */
  readonly columns: () => number | undefined;
}
