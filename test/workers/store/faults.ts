import { WorkerFault } from "../../../workers/model/fault.ts";

/** Runs something that must fail, and gives its outcome and message; the hint too, because every fault has to have one. */
export async function faultOf(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof WorkerFault)) throw error;
    if (error.hint === undefined || error.hint === "") throw new Error(`no hint: ${error.message}`);
    return `${error.outcome}: ${error.message} | ${error.hint}`;
  }
  throw new Error("it did not fail");
}
