import { codeOf } from "../../../src/shared/codeOf.ts";
import { oneLine } from "../../../src/shared/text.ts";
import { type Outcome, WorkerFault } from "../../model/fault.ts";

type Doing = "read" | "write";

/** The result of the work; an error of the file system is thrown as its meaning for the work. */
export async function orFileFault<Result>(uri: string, doing: Doing, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw fileFault(error, uri, doing);
  }
}

/**
 * What an error of the file system means for the work: input-missing, not-allowed, configuration, or try-again if it
 * may be temporary. Any other error is returned unchanged.
 */
export function fileFault(error: unknown, uri: string, doing: Doing): unknown {
  const code = codeOf(error);
  if (code === undefined || error instanceof WorkerFault) return error;
  const meaning = meanings[doing].get(code);
  if (meaning === undefined) return error;
  const { outcome, what, hint } = meaning;
  const detail = outcome === "try-again" ? `: ${messageOf(error)}` : "";
  return new WorkerFault(outcome, `${uri}: ${what}${detail} (${code})`, { hint, cause: error });
}

function messageOf(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : String(error));
}

interface Meaning {
  readonly outcome: Outcome;
  readonly what: string;
  readonly hint: string;
}

const noFile: Meaning = {
  outcome: "input-missing",
  what: "the file does not exist",
  hint: "Correct the name, or create the file.",
};

const noFolder: Meaning = {
  outcome: "configuration",
  what: "its folder does not exist",
  hint: "Correct the name, or create the folder.",
};

const fileForFolder: Meaning = {
  outcome: "configuration",
  what: "its folder is a file",
  hint: "Choose another folder.",
};

const isFolder = { what: "it is a folder, not a file", hint: "Choose a file." };

const readOnly: Meaning = {
  outcome: "configuration",
  what: "it is on a file system that is read-only",
  hint: "Choose a writable location.",
};

// Not try-again: the next attempt would use the same disk, and might work for hours until it is full again.
const diskFull: Meaning = {
  outcome: "configuration",
  what: "no space is left on the disk",
  hint: "Free some space, enlarge the disk, or write to S3.",
};

const notAName: Meaning = {
  outcome: "usage",
  what: "it is not a valid file name",
  hint: "Correct the name.",
};

function notAllowed(doing: Doing): Meaning {
  const hint = "Grant the permission to the user that the worker runs as.";
  return { outcome: "not-allowed", what: `this user may not ${doing} it`, hint };
}

function notNow(done: string): Meaning {
  return { outcome: "try-again", what: `it cannot be ${done} now`, hint: "Check the state of the disk." };
}

/** By the code of the error. */
const meanings: Readonly<Record<Doing, ReadonlyMap<string, Meaning>>> = {
  read: new Map([
    ...forCodes(["ENOENT", "ENOTDIR", "EEXIST"], noFile),
    ["EISDIR", { outcome: "input-missing", ...isFolder }],
    ...forCodes(["EACCES", "EPERM"], notAllowed("read")),
    ...forCodes(["EIO", "EMFILE", "ENFILE", "ESTALE", "ETIMEDOUT"], notNow("read")),
    ...forBoth(),
  ]),
  write: new Map([
    ["ENOENT", noFolder],
    ...forCodes(["ENOTDIR", "EEXIST"], fileForFolder),
    ["EISDIR", { outcome: "configuration", ...isFolder }],
    ...forCodes(["EACCES", "EPERM"], notAllowed("write")),
    ...forCodes(["EIO", "EMFILE", "ENFILE", "ESTALE", "ETIMEDOUT"], notNow("written")),
    ...forBoth(),
  ]),
};

function forBoth(): [string, Meaning][] {
  return [
    ["EROFS", readOnly],
    ...forCodes(["ENOSPC", "EDQUOT", "EFBIG"], diskFull),
    ...forCodes(["ENAMETOOLONG", "ELOOP", "ERR_INVALID_ARG_VALUE"], notAName),
  ];
}

function forCodes(codes: readonly string[], meaning: Meaning): [string, Meaning][] {
  return codes.map((code) => [code, meaning]);
}
