import { styleText } from "node:util";

type Style = "red" | "yellow" | "bold" | "dim";
export type Paint = (style: Style, text: string) => string;

/** Colours text, or leaves it as it is. Who calls knows whether a terminal reads it, so `styleText` need not guess. */
export function paint(enabled: boolean): Paint {
  if (!enabled) return (_style, text) => text;
  return (style, text) => styleText(style, text, { validateStream: false });
}
