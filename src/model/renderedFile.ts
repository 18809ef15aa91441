/** Who may change a file after it was first written. */
export type Ownership = "managed" | "create-only";

/** A file ready to be written: plain data, so that checks, `--diff`, `--dry-run` and tests stop before the disk. */
export interface RenderedFile {
  /** Relative to the output folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** The template it came from, relative to `templates/`. */
  readonly template: string;
  readonly ownership: Ownership;
  readonly executable?: boolean;
}
