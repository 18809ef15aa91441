import { parseArgs } from "node:util";
import { type ShapeName, shapeNames } from "./dataset/shapes.ts";

export interface Options {
  readonly parts: readonly ("validator" | "processor" | "cost")[];
  /** Of the data sets; 1 is what the README shows. */
  readonly scale: number;
  readonly rounds: number;
  /** The ones that the tables of shapes show. */
  readonly shapes: readonly ShapeName[];
  /** Measures the file that is ten times as long as well. What is written into test/bench/README.md has it. */
  readonly large: boolean;
  /** Puts the tables into test/bench/README.md. */
  readonly write: boolean;
}

const parts = ["validator", "processor", "cost"] as const;

/** Reads a command line; throws an Error that says what is wrong with it. */
export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: "string", default: parts.join(",") },
      scale: { type: "string", default: "1" },
      rounds: { type: "string", default: "5" },
      shapes: { type: "string", default: "random-text,bad-30,all-quoted,short-60,short-300" },
      large: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
    },
  });
  return {
    parts: listOf(values.only, parts, "--only"),
    scale: positive(values.scale, "--scale"),
    rounds: Math.ceil(positive(values.rounds, "--rounds")),
    shapes: listOf(values.shapes, shapeNames, "--shapes"),
    large: values.large || values.write,
    write: values.write,
  };
}

function listOf<Name extends string>(text: string, names: readonly Name[], flag: string): readonly Name[] {
  return text.split(",").map((word) => {
    const name = names.find((candidate) => candidate === word);
    if (name === undefined) throw new Error(`${flag} has ${JSON.stringify(word)}; expected ${names.join(", ")}`);
    return name;
  });
}

function positive(text: string, flag: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`${flag} is ${JSON.stringify(text)}; expected a number above 0`);
}
