/** The uri of an object in the same folder, or below it. */
export function beside(uri: string, name: string): string {
  return `${uri.slice(0, uri.lastIndexOf("/") + 1)}${name}`;
}

/**
 * Whether an external name may become part of a key or a file name: letters, digits, and - _ . where the
 * dot does not come first, so that neither ".." nor a hidden file can be meant.
 */
export function isSafeName(name: string): boolean {
  return /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}$/.test(name);
}
