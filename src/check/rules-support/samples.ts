import type { TemplateDocument } from "../../model/document.ts";
import { placeholders } from "../../model/placeholder.ts";
import { valueAt } from "../../shared/pointer.ts";

/** Whether the value at the pointer, or one that contains it, comes from a placeholder: a sample, wholly or in part. */
export function isSample(document: TemplateDocument, pointer: string): boolean {
  return document.placeholders.some((use) => pointer === use.pointer || pointer.startsWith(`${use.pointer}/`));
}

/** The placeholder at the pointer, when the value is nothing else; its sample then says nothing about the real value. */
export function wholePlaceholder(document: TemplateDocument, pointer: string): string | undefined {
  const uses = document.placeholders.filter((use) => use.pointer === pointer);
  const name = uses.length === 1 ? uses[0]?.name : undefined;
  const sample = placeholders.find((placeholder) => placeholder.name === name)?.sample;
  return sample !== undefined && sample === valueAt(document.value, pointer) ? name : undefined;
}
