/**
 * What is wrong with a path that claims to lie within the output folder; undefined when nothing is.
 * A manifest comes with a clone of somebody's repository, so its paths are not to be trusted: each is checked by its
 * text alone here, and against symbolic links on the disk by `lookAt`.
 */
export function pathFlaw(path: string): string | undefined {
  if (path === "") return "an empty path";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "an absolute path";
  if (path.includes("\\")) return "a path with a backslash";
  if (/\p{Cc}/u.test(path)) return "a path with a control character";
  const segments = path.split("/");
  if (segments.includes("..")) return 'a path with ".."';
  if (segments.includes("") || segments.includes(".")) return "a path with an empty step";
  if (path.startsWith(".gen-batch-config.")) return "a path that gen-batch-config keeps for itself";
  return undefined;
}

/** The folders above a path, the nearest first: "a/b" and "a" for "a/b/c". */
export function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) folders.push(path.slice(0, end));
  return folders;
}

/** The same order on every machine, whatever its language. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
