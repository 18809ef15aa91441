import { numberIs, textIs } from "./choices.ts";

type Data = Readonly<Record<string, unknown>>;

interface Names {
  /** What the failure is of, in the names of the states: Validation, ChunkJob. */
  readonly subject: string;
  /** The state that goes on with `$.failed.job`, the description of a job that ended with an exit code. */
  readonly read: string;
  /** The state for every other failure, of which there is `$.failure` with Error and perhaps Cause. */
  readonly unread: string;
}

/**
 * The states between a caught error and the reason for it. The Cause of a failed job is its description as JSON text; that
 * of anything else is a sentence, and a very long one is cut: only what begins and ends like JSON is read.
 */
export function failedJobStates({ subject, read, unread }: Names): Readonly<Record<string, Data>> {
  return {
    [`Inspect${subject}Failure`]: {
      Type: "Choice",
      Choices: [
        {
          And: [
            ...textIs("$.failure.Error", { StringEquals: "States.TaskFailed" }),
            ...textIs("$.failure.Cause", { StringMatches: "{*}" }),
          ],
          Next: `Read${subject}Failure`,
        },
      ],
      Default: unread,
    },
    [`Read${subject}Failure`]: {
      Type: "Pass",
      Parameters: { "job.$": "States.StringToJson($.failure.Cause)" },
      ResultPath: "$.failed",
      Next: `Look${subject}Ended`,
    },
    [`Look${subject}Ended`]: {
      Type: "Choice",
      Choices: [
        {
          And: [
            ...numberIs(exitCode, { NumericGreaterThan: 0 }),
            { Variable: "$.failed.job.Attempts", IsPresent: true },
          ],
          Next: read,
        },
      ],
      Default: unread,
    },
  };
}

export const exitCode = "$.failed.job.Container.ExitCode";
