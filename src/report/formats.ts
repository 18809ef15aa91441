/** The formats of a report. Separate from their code, so that the command line can list them without loading it. */
export const problemFormats = ["text", "json", "github", "sarif"] as const;
export type ProblemFormat = (typeof problemFormats)[number];
