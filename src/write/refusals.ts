import type { Problem } from "../model/problem.ts";

/** Every reason for which the write stage refuses, with its sentence: "the file is ‹found›; expected …". */
export const refusals = {
  "write/hand-edited": {
    found: "edited by hand since it was generated",
    expected: "the file as it was generated",
    hint: "see the change with --diff, then move it into the config, or overwrite the file with --force",
  },
  "write/foreign-file": {
    found: "a file that gen-batch-config did not write",
    expected: "no file, or one that the manifest lists",
    hint: "choose another folder with --out, move the file away, or overwrite it with --force",
  },
  "write/not-a-file": {
    found: "not a regular file",
    expected: "a regular file, or nothing",
    hint: "move it away and run again",
  },
  "write/not-a-folder": {
    found: "not a folder",
    expected: "a folder, or nothing",
    hint: "move it away, or choose another folder with --out",
  },
  "write/symlink": {
    found: "a symbolic link",
    expected: "no symbolic link below the output folder, because nothing is written or deleted through one",
    hint: "replace the link with its target, or choose another folder with --out",
  },
  "write/outside": {
    found: "a path outside",
    expected: "a path within the output folder",
    hint: "check the names in the config",
  },
  "write/locked": {
    found: "held by another run",
    expected: "no other run writing to this folder",
    hint: "wait for it to end",
  },
  "write/manifest": {
    found: "not a manifest",
    expected: "the manifest as gen-batch-config wrote it",
    hint: "restore it from version control, or delete it: files that equal the generated ones are then adopted as they are",
  },
  "write/interrupted": {
    found: "the traces of a run that was interrupted, or is under way",
    expected: "no unfinished run",
    hint: "run gen-batch-config again without --dry-run, --diff or --check: it completes or undoes the other run",
  },
  "write/journal": {
    found: "not a journal",
    expected: "the journal of an interrupted run as gen-batch-config wrote it",
    hint: "delete its folder, run again and review the changes",
  },
} as const satisfies Record<string, { found: string; expected: string; hint: string }>;

export type RefusalId = keyof typeof refusals;

/** A refusal as a problem; `file` is the path as the user would type it. */
export function refusal(rule: RefusalId, file: string, detail: { found?: string; hint?: string } = {}): Problem {
  return { rule, severity: "error", file, position: { line: 1, column: 1 }, pointer: "", ...refusals[rule], ...detail };
}
