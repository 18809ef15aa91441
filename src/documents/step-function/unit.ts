import type { UnitDeclaration } from "../../model/unitDeclaration.ts";

/** The definition of the state machine, and the settings around it. */
export const stepFunction = {
  meaning: "the state machine that a file runs through",
  documents: {
    "step-function-definition": { kind: "state-machine", asText: true },
    "state-machine-settings": { kind: "state-machine-settings" },
  },
  kinds: {
    "state-machine": {
      subject: "stateMachines",
      fileName: /^(?:.*[.-])?(?:step-function-definition|state-machine|asl)\.json$/,
      keys: ["StartAt", "States"],
    },
    "state-machine-settings": { subject: "stateMachineSettings" },
  },
} as const satisfies UnitDeclaration;
