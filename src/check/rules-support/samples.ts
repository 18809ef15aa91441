import type { TemplateDocument } from "../../model/document.ts";

/** Whether the value at the pointer, or a value that it lies in, comes from a placeholder: wholly or in part a sample, not the real one. */
export function isSample(document: TemplateDocument, pointer: string): boolean {
  return document.placeholders.some((use) => pointer === use.pointer || pointer.startsWith(`${use.pointer}/`));
}
