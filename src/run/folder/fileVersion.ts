import { stat } from "node:fs/promises";
import { Fault, WrongUsage } from "../../model/problem.ts";

/**
 * The version of a file, as the manifest of the validator has it: size, time of the last change in nanoseconds, and inode.
 * Throws WrongUsage for what is not there or is no file. `flag` is how the user named it.
 */
export async function fileVersion(path: string, flag: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    const { code } = error;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new WrongUsage(`${flag} is ${path}, which does not exist`, "give the path of a file of this machine");
    }
    throw new Fault(`cannot look at ${path} (${code})`, { cause: error });
  });
  if (found.isDirectory()) throw new WrongUsage(`${flag} is ${path}, which is a folder`, "name a file inside it");
  if (!found.isFile()) {
    const hint = "write what it gives into a file first: a file is read in parts, some of them again after a failure";
    throw new WrongUsage(`${flag} is ${path}, which is no regular file`, hint);
  }
  return `"${found.size.toString(16)}-${found.mtimeNs.toString(16)}-${found.ino.toString(16)}"`;
}
