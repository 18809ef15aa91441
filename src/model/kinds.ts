import type { DocumentKind, KindSpec } from "./unitDeclaration.ts";
import { type UnitName, unitNames, units } from "./units.ts";

type DeclaredBy<Unit extends UnitName> = Unit extends UnitName ? (typeof units)[Unit]["kinds"] : never;
type Intersection<Union> = (Union extends unknown ? (part: Union) => void : never) extends (whole: infer All) => void
  ? All
  : never;

/** Every kind of document, as its unit declares it. It does not compile when a schema has no kind here, or a kind no schema. */
export const kinds = Object.assign({}, ...unitNames.map((unit) => units[unit].kinds)) as Intersection<
  DeclaredBy<UnitName>
> satisfies Readonly<Record<DocumentKind, KindSpec>>;

export const documentKinds = Object.keys(kinds) as readonly DocumentKind[];
