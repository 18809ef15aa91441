import { randomUUID } from "node:crypto";
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { isObject } from "../model/json.ts";
import { statOf } from "./lookAt.ts";

/** The running processes of this machine, from `cli.ts`. Without them /proc is read, where there is one. */
export interface Processes {
  /** Of this process. */
  readonly pid: number;
  readonly isRunning: (pid: number) => boolean;
}

/**
 * Who holds a lock: enough to find out later whether that process still runs. A process number alone is not enough, because
 * it is reused: by another process, after a restart, on another machine, in another container.
 */
export interface Holder {
  /** 0 when unknown. */
  readonly pid: number;
  /** When the process started, in ticks since the boot of the machine; "" when unknown. */
  readonly started: string;
  readonly host: string;
  /** The boot of the machine and the process namespace of the container; "" when unknown. */
  readonly boot: string;
  readonly space: string;
  /** Distinguishes two runs of one process. */
  readonly run: string;
}

export async function describeSelf(processes: Processes | undefined): Promise<Holder> {
  const pid = processes?.pid ?? Number(await orEmpty(readlink("/proc/self")));
  const boot = (await orEmpty(readFile("/proc/sys/kernel/random/boot_id", "utf8"))).trim();
  const space = await orEmpty(readlink("/proc/self/ns/pid"));
  return { pid, started: await startOf(pid), host: hostname(), boot, space, run: randomUUID() };
}

export function parseHolder(text: string): Holder | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || !Number.isSafeInteger(value.pid)) return undefined;
  const { pid, started, host, boot, space, run } = value;
  const texts = [started, host, boot, space, run];
  // Checked in the line above and the one below; the compiler does not see through `every`.
  return texts.every((text) => typeof text === "string")
    ? ({ pid, started, host, boot, space, run } as Holder)
    : undefined;
}

/** True only when the holder's process has certainly ended: in doubt a lock is respected. */
export async function isGone(holder: Holder, self: Holder, processes: Processes | undefined): Promise<boolean> {
  const isComparable = holder.host === self.host && holder.boot === self.boot && holder.space === self.space;
  if (!isComparable || holder.pid <= 0 || self.pid <= 0) return false;
  const isRunning = processes ? processes.isRunning(holder.pid) : await runningByProc(holder.pid);
  if (!isRunning) return true;
  const started = await startOf(holder.pid);
  return holder.started !== "" && started !== "" && holder.started !== started;
}

/** Where /proc hides the processes of other users (hidepid), a process that is not listed may still run. */
async function runningByProc(pid: number): Promise<boolean> {
  const seesOthers = (await statOf("/proc/1")) !== undefined;
  return !seesOthers || (await statOf(`/proc/${pid}`)) !== undefined;
}

/** Field 22 of /proc/PID/stat. The second field, in parentheses, is the program's name and may contain anything. */
async function startOf(pid: number): Promise<string> {
  const stat = await orEmpty(readFile(`/proc/${pid}/stat`, "utf8"));
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

/** Left empty where it cannot be read (no /proc, or no access). */
function orEmpty(text: Promise<string>): Promise<string> {
  return text.catch(() => "");
}
