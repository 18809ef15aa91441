/** What a run needs to know about the machine and its own process. */
export interface Machine {
  /** The path of Node, which starts the workers. */
  readonly execPath: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `workers/dist` of this package. */
  readonly workersFolder: string;
  /** The program that calls the function once. */
  readonly lambdaHost: string;
  /** Calls the listener for every SIGTERM and SIGINT, until the returned function is called. */
  readonly onSignal: (listener: (signal: "SIGTERM" | "SIGINT") => void) => () => void;
  /** Width of the terminal at stderr; undefined when it is not a terminal. */
  readonly columns: () => number | undefined;
}
