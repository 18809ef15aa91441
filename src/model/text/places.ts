import { pointerKeys } from "../../shared/pointer.ts";
import type { TemplateDocument } from "../document.ts";
import type { Position } from "../problem.ts";

/**
 * Where a value starts, as an offset, and where the values within it do. A tree and not a map from pointer to offset:
 * the pointers of a deep document are together much longer than its text.
 */
export type Place = number | ListPlace | ObjectPlace;

export interface ListPlace {
  readonly at: number;
  readonly items: readonly Place[];
}

export interface ObjectPlace {
  readonly at: number;
  readonly members: ReadonlyMap<string, MemberPlace>;
}

export interface MemberPlace {
  readonly keyAt: number;
  readonly value: Place;
}

type Locators = Pick<TemplateDocument, "locate" | "locateKey">;

export function locatorsFor(root: Place, positionOf: (offset: number) => Position): Locators {
  return {
    locate: (pointer) => positionOf(offsetOf(find(root, pointer).place)),
    locateKey: (pointer) => {
      const { place, keyAt } = find(root, pointer);
      return positionOf(keyAt ?? offsetOf(place));
    },
  };
}

export function offsetOf(place: Place): number {
  return typeof place === "number" ? place : place.at;
}

interface Found {
  readonly place: Place;
  /** Only for the member that the pointer names; not for an ancestor instead of it, nor for an item of a list. */
  readonly keyAt?: number;
}

/** The position at a pointer, or that of its nearest existing ancestor. */
function find(root: Place, pointer: string): Found {
  let found: Found = { place: root };
  for (const key of pointerKeys(pointer)) {
    const below = step(found.place, key);
    if (below === undefined) return { place: found.place };
    found = below;
  }
  return found;
}

function step(place: Place, key: string): Found | undefined {
  if (typeof place === "number") return undefined;
  if ("members" in place) {
    const member = place.members.get(key);
    return member && { place: member.value, keyAt: member.keyAt };
  }
  const item = /^(?:0|[1-9][0-9]{0,8})$/.test(key) ? place.items[Number(key)] : undefined;
  return item === undefined ? undefined : { place: item };
}
