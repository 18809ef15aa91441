import type { AST } from "@eslint-community/regexpp";
import { type CodePointSet, complement, toSet, union } from "./codePointSet.ts";
import { unicodeProperty } from "./unicodeProperty.ts";

type OneCharacter = AST.Character | AST.CharacterSet | AST.CharacterClass | AST.CharacterClassElement;

/** The code points that a part of a pattern matches, when it matches one character (u flag, no i flag). */
export function characterSet(node: OneCharacter): CodePointSet {
  switch (node.type) {
    case "Character":
      return [node.value, node.value];
    case "CharacterClassRange":
      return [node.min.value, node.max.value];
    case "CharacterClass": {
      const members = union(node.elements.map(characterSet));
      return node.negate ? complement(members) : members;
    }
    case "CharacterSet":
      return escapeSet(node);
    default:
      // Only the v flag supports the other kinds.
      throw new Error(`a pattern without the v flag has no ${node.type}`);
  }
}

function escapeSet(node: AST.CharacterSet): CodePointSet {
  if (node.kind === "any") return complement(lineEnds);
  const set = node.kind === "property" ? unicodeProperty(node.key, node.value) : namedSets[node.kind];
  return node.negate ? complement(set) : set;
}

/** Word characters, which \b also uses. */
export const wordCharacters: CodePointSet = toSet([
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]);

const lineEnds: CodePointSet = toSet([
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
]);

const spaces: CodePointSet = toSet([
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]);

const namedSets = { digit: [0x30, 0x39], space: spaces, word: wordCharacters } as const;
