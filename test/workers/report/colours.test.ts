import { expect, test } from "vitest";
import { colours, textOnSurface } from "../../../workers/report/colours.ts";
import { style } from "../../../workers/report/style.ts";

/** Relative luminance as WCAG 2 defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

test("the measure knows black on white and a grey that is a hair too light", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#777777", "#ffffff")).toBeLessThan(4.5);
});

for (const [scheme, palette] of Object.entries(colours)) {
  test.each(textOnSurface)(`on ${scheme} screens, %s on %s has a contrast of at least 4.5`, (text, surface) => {
    expect(contrast(palette[text], palette[surface])).toBeGreaterThanOrEqual(4.5);
  });

  test(`on ${scheme} screens, the bars and the ring of the focus have a contrast of at least 3`, () => {
    for (const shape of [palette.accent, palette.valid, palette.rejected]) {
      expect(contrast(shape, palette.surface)).toBeGreaterThanOrEqual(3);
    }
    expect(contrast(palette.accent, palette.track)).toBeGreaterThanOrEqual(3);
  });
}

test("every colour of the style sheet is one of these", () => {
  const rules = style.replace(/--[\w-]+: #[0-9a-f]{6};/g, "");
  expect(rules).not.toMatch(/#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(/i);
});
