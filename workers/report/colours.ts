/** The colours of the page by their role, for light and dark screens. Print uses the light ones. */
export const colours = {
  light: {
    page: "#f6f7f9",
    surface: "#ffffff",
    text: "#1c2530",
    quiet: "#566270",
    line: "#dde2e8",
    accent: "#3559a8",
    track: "#e7ebf1",
    mark: "#7a4a00",
    markSurface: "#fbf1dd",
    valid: "#1d6a45",
    validSurface: "#e6f3ec",
    rejected: "#a5302a",
    rejectedSurface: "#fbeae8",
  },
  dark: {
    page: "#12161b",
    surface: "#1a2027",
    text: "#e4e8ed",
    quiet: "#9ba7b4",
    line: "#2d353e",
    accent: "#8fb0f5",
    track: "#2b333c",
    mark: "#f0c987",
    markSurface: "#37301f",
    valid: "#86d0a8",
    validSurface: "#173126",
    rejected: "#f5a099",
    rejectedSurface: "#3b2120",
  },
} as const;

export type ColourRole = keyof typeof colours.light;

/** Which text colours are used on which surfaces. */
export const textOnSurface: readonly (readonly [text: ColourRole, surface: ColourRole])[] = [
  ["text", "page"],
  ["text", "surface"],
  ["quiet", "page"],
  ["quiet", "surface"],
  ["accent", "page"],
  ["accent", "surface"],
  ["mark", "markSurface"],
  ["valid", "validSurface"],
  ["valid", "surface"],
  ["rejected", "rejectedSurface"],
  ["rejected", "surface"],
];
