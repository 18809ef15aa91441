/** What a report can look like. Apart from the formats themselves, so that the command line lists them without loading any. */
export const problemFormats = ["text", "json", "github", "sarif"] as const;
export type ProblemFormat = (typeof problemFormats)[number];
