import type { DocumentTypes } from "../derived/types.ts";
import type { TemplateDocument } from "./document.ts";
import type { kinds } from "./kinds.ts";
import type { Severity } from "./problem.ts";
import type { DocumentKind } from "./unitDeclaration.ts";

/** A shell script next to the documents, as text. */
export interface Script {
  readonly path: string;
  readonly text: string;
}

/** The documents of a module that passed their JSON Schema, by the name that their kind declares. */
export type SubjectDocuments = {
  readonly [Kind in DocumentKind as (typeof kinds)[Kind]["subject"]]: readonly TemplateDocument<DocumentTypes[Kind]>[];
};

/**
 * All that belongs to one module: the documents of a folder, its user data, and the settings that rules depend on.
 * A document that is absent is unknown, not wrong: a rule that compares two documents stays silent when one of them is
 * missing.
 */
export interface Subject extends SubjectDocuments {
  readonly userData?: Script;
  /** The .hcl files that bind the placeholders of the documents: `NAME.hcl` those below `NAME-json/`. */
  readonly wirings: readonly Script[];
  readonly settings: {
    /** Major version of the Terraform AWS provider that the module is applied with. */
    readonly awsProvider: 5 | 6;
  };
}

/** What a rule found. The leaf says what and at which pointer; the runner adds file, line and column. */
export interface Finding {
  /** The document that contains it, or the user data script. */
  readonly document: TemplateDocument | Script;
  /** RFC 6901 pointer; "" for the whole document. For a script: the 1-based line number as text. */
  readonly pointer: string;
  readonly found?: unknown;
  /** The end of the sentence "expected …". */
  readonly expected: string;
  readonly hint?: string;
  /** Only when it differs from the rule's own. */
  readonly severity?: Severity;
}

/**
 * An example as changes to the documents that `--prefix gss-dev` generates: a partial document per file name, merged key by key;
 * `null` removes a key or a document, an array replaces the whole array. `userData` replaces the script.
 */
export interface Example {
  readonly documents?: Readonly<Record<string, unknown>>;
  readonly userData?: string;
  readonly awsProvider?: 5 | 6;
  /** Rules that a bad example breaks as well, because one cannot be broken without the other. */
  readonly also?: readonly string[];
  /** What this example shows, on one line. */
  readonly shows: string;
}

/** One lint rule: its id is also its file name and its anchor in the documentation. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** One sentence that states the rule. */
  readonly summary: string;
  /** What goes wrong without it. */
  readonly why: string;
  /** The source of this knowledge: a documentation URL, a public issue, or a measurement anyone can repeat. */
  readonly source: string;
  readonly examples: { readonly good: readonly Example[]; readonly bad: readonly Example[] };
  check(subject: Subject): Iterable<Finding>;
}

/** Infers the type of the rule. */
export function defineRule(rule: Rule): Rule {
  return rule;
}
