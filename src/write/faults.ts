import { Fault } from "../model/problem.ts";

/** Runs an action on a path; a file system error becomes a fault that names both and says what to do. */
export async function orFault<Value>(action: Action, path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw isSystemError(error) ? faultOf(error, action, path) : error;
  }
}

export type Action = "read" | "write" | "delete" | "lock";

export interface SystemError extends Error {
  readonly code: string;
}

export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && "code" in error && typeof error.code === "string" && !(error instanceof Fault);
}

/** True for a system error with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return isSystemError(error) && codes.includes(error.code);
}

/** For `catch`: undefined when nothing is at the path; rethrows every other error. */
export function ifMissing(error: unknown): undefined {
  if (hasCode(error, "ENOENT", "ENOTDIR")) return undefined;
  throw error;
}

function faultOf(error: SystemError, action: Action, path: string): Fault {
  const known = reasons[error.code];
  const message = `cannot ${action} ${path}: ${known ? `${known.what} (${error.code})` : error.message}`;
  return new Fault(message, { cause: error, ...(known && { hint: known.hint }) });
}

const reasons: Readonly<Record<string, { what: string; hint: string } | undefined>> = {
  ENOSPC: { what: "the disk is full", hint: "free some space and run again" },
  EDQUOT: { what: "the disk quota is used up", hint: "free some space and run again" },
  EFBIG: { what: "the file would be larger than allowed", hint: "raise the limit (ulimit -f) and run again" },
  EACCES: { what: "permission denied", hint: "grant yourself access, or choose another folder with --out" },
  EPERM: {
    what: "the system does not permit it",
    hint: "check the owner and attributes of the path (ls -ld, lsattr)",
  },
  EROFS: { what: "the file system is read-only", hint: "choose a writable folder with --out" },
  ENOENT: {
    what: "it, or a folder above it, does not exist",
    hint: "look for a dangling symbolic link in the path (ls -l)",
  },
  ENAMETOOLONG: { what: "the name is too long for this file system", hint: "shorten the prefix or the output path" },
  ELOOP: { what: "its symbolic links form a cycle", hint: "fix the links, or choose another folder with --out" },
  EMFILE: { what: "too many files are open", hint: "raise the limit (ulimit -n) and run again" },
  ENFILE: { what: "the system has too many files open", hint: "close some programs and run again" },
  EBUSY: { what: "it is in use or a mount point", hint: "close the program that uses it, or unmount it" },
  EXDEV: { what: "it is on another file system", hint: "keep the whole output folder on one file system" },
  EIO: { what: "the disk reports an error", hint: "check the disk" },
};
