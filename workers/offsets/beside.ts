/** The uri of an object in the same folder, or below it. */
export function beside(uri: string, name: string): string {
  return `${uri.slice(0, uri.lastIndexOf("/") + 1)}${name}`;
}
