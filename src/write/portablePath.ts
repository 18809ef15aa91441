/**
 * What is wrong with a path that claims to lie within the output folder; undefined when nothing is.
 * A manifest may come from a cloned repository, so its paths cannot be trusted: here the text of each is checked, and
 * `lookAt` checks for symbolic links on disk.
 */
export function pathFlaw(path: string): string | undefined {
  if (path === "") return "an empty path";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "an absolute path";
  if (path.includes("\\")) return "a path with a backslash";
  if (/\p{Cc}/u.test(path)) return "a path with a control character";
  const segments = path.split("/");
  if (segments.includes("..")) return 'a path with ".."';
  if (segments.includes("") || segments.includes(".")) return "a path with an empty step";
  if (path.startsWith(".gen-batch-config.")) return "a path that is reserved for gen-batch-config";
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
