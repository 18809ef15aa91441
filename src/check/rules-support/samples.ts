import type { TemplateDocument } from "../../model/document.ts";

/** Whether the value at the pointer, or one that it lies in, comes from a placeholder: a sample, wholly or in part. */
export function isSample(document: TemplateDocument, pointer: string): boolean {
  return document.placeholders.some((use) => pointer === use.pointer || pointer.startsWith(`${use.pointer}/`));
}
