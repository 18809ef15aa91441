import { codeOf } from "../../../src/shared/codeOf.ts";
import { oneLine } from "../../../src/shared/text.ts";
import { WorkerFault } from "../../model/fault.ts";

/**
 * What an error of the file system means for the work: input-missing, not-allowed, configuration, or try-again for what
 * may pass. An error that is none of the file system is given back as it is.
 */
export function fileFault(error: unknown, uri: string, doing: "read" | "write"): unknown {
  const code = codeOf(error);
  if (code === undefined || error instanceof WorkerFault) return error;
  const fault = (
    outcome: "input-missing" | "not-allowed" | "configuration" | "try-again" | "usage",
    what: string,
    hint: string,
  ) => new WorkerFault(outcome, `${uri}: ${what} (${code})`, { hint, cause: error });

  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
    case "EEXIST":
      if (doing === "read")
        return fault("input-missing", "there is no such file", "Correct the name, or put the file in place.");
      return code === "ENOENT"
        ? fault(
            "configuration",
            "there is no folder where it should be written",
            "Correct the name, or create the folder.",
          )
        : fault(
            "configuration",
            "a file stands where a folder should be, in which it would be written",
            "Name a folder, or another one.",
          );
    case "EISDIR":
      return fault(doing === "read" ? "input-missing" : "configuration", "it is a folder, not a file", "Name a file.");
    case "EACCES":
    case "EPERM":
      return fault(
        "not-allowed",
        `this user may not ${doing} it`,
        "Give the user that the process runs as the permission.",
      );
    case "EROFS":
      return fault(
        "configuration",
        "it lies on a file system that is read-only",
        "Name a place that can be written to.",
      );
    // Not try-again: the next attempt of the job finds the same disk, and works for hours to find it full again.
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return fault(
        "configuration",
        "there is no room left on the disk for it",
        "Make room, enlarge the disk, or write to S3.",
      );
    case "ENAMETOOLONG":
    case "ELOOP":
    case "ERR_INVALID_ARG_VALUE":
      return fault("usage", "it cannot be the name of a file", "Correct the name.");
    case "EIO":
    case "EMFILE":
    case "ENFILE":
    case "ESTALE":
    case "ETIMEDOUT":
      return fault(
        "try-again",
        `it cannot be ${doing === "read" ? "read" : "written"} now: ${messageOf(error)}`,
        "See the state of the disk.",
      );
    default:
      return error;
  }
}

function messageOf(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : String(error));
}
