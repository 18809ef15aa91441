import table from "../../schemas/cli-exit-codes.json" with { type: "json" };

/** The exit codes of the CLI; `schemas/cli-exit-codes.json` has their meanings, from which help and docs are generated. */
export const exitCodes = { fine: 0, problems: 1, usage: 2, fault: 3 } as const;

export const exitCodeTable = table.codes;
