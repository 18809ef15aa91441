import table from "../../schemas/cli-exit-codes.json" with { type: "json" };

/** The exit codes of the CLI; their meanings stand in `schemas/cli-exit-codes.json`, which help and docs are made from. */
export const exitCodes = { fine: 0, problems: 1, usage: 2, fault: 3 } as const;

export const exitCodeTable = table.codes;
