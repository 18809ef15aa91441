import { stat } from "node:fs/promises";
import { Fault, WrongUsage } from "../../model/problem.ts";

/**
 * The version of a file, as in the manifest of the validator: size, time of the last change in nanoseconds, and inode.
 * Throws WrongUsage if it does not exist or is not a file. `flag` is the flag that names it.
 */
export async function fileVersion(path: string, flag: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    const { code } = error;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new WrongUsage(`${flag} is ${path}, which does not exist`, "use the path of a local file");
    }
    throw new Fault(`cannot read the status of ${path} (${code})`, { cause: error });
  });
  if (found.isDirectory()) throw new WrongUsage(`${flag} is ${path}, which is a folder`, "name a file inside it");
  if (!found.isFile()) {
    const hint = "save its contents to a file first: a file is read in parts, some of them again after a failure";
    throw new WrongUsage(`${flag} is ${path}, which is not a regular file`, hint);
  }
  return `"${found.size.toString(16)}-${found.mtimeNs.toString(16)}-${found.ino.toString(16)}"`;
}
