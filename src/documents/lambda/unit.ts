import type { UnitDeclaration } from "../../model/unitDeclaration.ts";

/** The function that the state machine invokes for chunks up to the threshold, with the same worker as the processing job. */
export const lambda = {
  meaning: "the function that delivers small chunks",
  documents: {
    "lambda-function": { kind: "lambda-function" },
  },
  kinds: {
    "lambda-function": { subject: "lambdaFunctions" },
  },
} as const satisfies UnitDeclaration;
