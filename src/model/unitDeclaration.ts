import type { DocumentTypes } from "../derived/types.ts";

/** What a document describes; the name of its schema in `schemas/`. Both job definitions share one, because they share one shape. */
export type DocumentKind = keyof DocumentTypes;

/** One document that a unit reads. */
export interface DocumentSpec {
  readonly kind: DocumentKind;
  /**
   * The whole document reaches Terraform as one text, which Terraform evaluates once (`templatefile`). Every other one is
   * part of an object, and the texts in an object are evaluated a second time.
   */
  readonly asText?: true;
}

/** What a kind needs besides its schema, from which its validator, type and variable of the Terraform module follow. */
export interface KindSpec {
  /** The name under which rules find the documents of this kind in their subject. */
  readonly subject: string;
  /** The names of files of this kind that are not KIND.json, KIND-….json or KIND.….json. */
  readonly fileName?: RegExp;
  /** Keys that no other kind has: they identify a file whose name does not. */
  readonly keys?: readonly string[];
}

/** A unit as every stage may know it: data only, without the code that makes its documents. */
export interface UnitDeclaration {
  /** One line for the README of the module. */
  readonly meaning: string;
  /** By file name, in the order in which they are written. */
  readonly documents: Readonly<Record<string, DocumentSpec>>;
  /** The kinds that this unit is the first to have. */
  readonly kinds: Readonly<Partial<Record<DocumentKind, KindSpec>>>;
}
