/**
 * EC2 instance types: processor architecture, vCPUs and memory, computed from family and size.
 * Compared type by type with what DescribeInstanceTypes said in November 2026. AWS adds families, so a type that is
 * absent here is unknown, not wrong.
 */
export interface InstanceType {
  readonly name: string;
  readonly vcpus: number;
  /** Nominal memory in MiB; what a job can use is less. */
  readonly memory: number;
  readonly architecture: Architecture;
}
export type Architecture = "x86_64" | "arm64";

/**
 * Rows of families that come in the same sizes. A size of `Nxlarge` has 4 N vCPUs; for others the number is behind `=`.
 * Memory per vCPU follows from the family's first letter unless the row specifies it. A family may need several rows.
 */
interface Row {
  readonly families: string;
  readonly sizes: string;
  readonly mibPerVcpu?: number;
}

const smallest = "large xlarge 2xlarge 4xlarge";
const upTo16 = `${smallest} 8xlarge 12xlarge 16xlarge`;
const upTo24 = `${upTo16} 24xlarge`;
const upTo32 = `${upTo24} 32xlarge`;
const upTo48 = `${upTo24} 48xlarge`;
const accelerated = "xlarge 2xlarge 4xlarge 8xlarge";

const x86Rows: readonly Row[] = [
  // Compute, general and memory: c, m, r
  { families: "c3", sizes: `${smallest} 8xlarge`, mibPerVcpu: 1920 },
  { families: "m3", sizes: "medium large xlarge 2xlarge", mibPerVcpu: 3840 },
  { families: "r3", sizes: "large", mibPerVcpu: 7680 },
  { families: "r3", sizes: accelerated, mibPerVcpu: 7808 },
  { families: "c4", sizes: smallest, mibPerVcpu: 1920 },
  { families: "c4", sizes: "8xlarge=36", mibPerVcpu: 61_440 / 36 },
  { families: "m4", sizes: `${smallest} 10xlarge 16xlarge` },
  { families: "r4", sizes: `${smallest} 8xlarge 16xlarge`, mibPerVcpu: 7808 },
  { families: "c5 c5d", sizes: `${smallest} 9xlarge 12xlarge 18xlarge 24xlarge metal=96` },
  { families: "c5n", sizes: smallest, mibPerVcpu: 2688 },
  { families: "c5n", sizes: "9xlarge 18xlarge metal=72", mibPerVcpu: 98_304 / 36 },
  { families: "c5a c5ad m5a m5ad r5a r5ad", sizes: upTo24 },
  { families: "m5 m5d m5dn m5n r5 r5b r5d r5dn r5n", sizes: `${upTo24} metal=96` },
  { families: "m5zn", sizes: "large xlarge 2xlarge 3xlarge 6xlarge 12xlarge metal=48" },
  { families: "c6a m6a r6a", sizes: `${upTo32} 48xlarge metal=192` },
  { families: "c6i c6id c6in m6i m6id m6idn m6in r6i r6id r6idn r6in", sizes: `${upTo32} metal=128` },
  { families: "c7a m7a r7a", sizes: `medium ${upTo32} 48xlarge metal-48xl` },
  { families: "c7i m7i r7i", sizes: `${upTo48} metal-24xl metal-48xl` },
  { families: "c7i-flex c8i-flex m7i-flex m8i-flex r8i-flex", sizes: upTo16 },
  { families: "r7iz", sizes: `${upTo16} 32xlarge metal-16xl metal-32xl` },
  { families: "c8a m8a r8a", sizes: `medium ${upTo48} metal-24xl metal-48xl` },
  { families: "m8azn", sizes: "medium large xlarge 3xlarge 6xlarge 12xlarge 24xlarge metal-12xl metal-24xl" },
  {
    families: "c8i c8ib c8id c8in m8i m8ib m8id m8idb m8idn m8in r8i r8ib r8id r8idb r8idn r8in",
    sizes: `${upTo32} 48xlarge 96xlarge metal-48xl metal-96xl`,
  },
  { families: "c8ine m8ine", sizes: `${smallest} 8xlarge 12xlarge` },
  // Large memory
  { families: "x1", sizes: "16xlarge 32xlarge", mibPerVcpu: 15_616 },
  { families: "x1e", sizes: `${accelerated} 16xlarge 32xlarge`, mibPerVcpu: 31_232 },
  { families: "x2idn", sizes: "16xlarge 24xlarge 32xlarge metal=128", mibPerVcpu: 16_384 },
  { families: "x2iedn", sizes: `${accelerated} 16xlarge 24xlarge 32xlarge metal=128`, mibPerVcpu: 32_768 },
  { families: "x2iezn", sizes: "2xlarge 4xlarge 6xlarge 8xlarge 12xlarge metal=48", mibPerVcpu: 32_768 },
  { families: "x8i", sizes: `${upTo32} 48xlarge 64xlarge 96xlarge metal-48xl metal-96xl`, mibPerVcpu: 16_384 },
  { families: "z1d", sizes: "large xlarge 2xlarge 3xlarge 6xlarge 12xlarge metal=48" },
  // Local disks
  { families: "d3", sizes: accelerated },
  { families: "d3en", sizes: "xlarge 2xlarge 4xlarge 6xlarge 8xlarge 12xlarge", mibPerVcpu: 4096 },
  { families: "i3", sizes: `${smallest} 8xlarge 16xlarge`, mibPerVcpu: 7808 },
  { families: "i3", sizes: "metal=72", mibPerVcpu: 524_288 / 72 },
  { families: "i3en", sizes: "large xlarge 2xlarge 3xlarge 6xlarge 12xlarge 24xlarge metal=96" },
  { families: "i4i", sizes: `${upTo32} metal=128` },
  { families: "i7i", sizes: `${upTo48} metal-24xl metal-48xl` },
  // GPUs
  { families: "g3", sizes: "4xlarge 8xlarge 16xlarge", mibPerVcpu: 7808 },
  { families: "g3s", sizes: "xlarge", mibPerVcpu: 7808 },
  { families: "g4ad", sizes: `${accelerated} 16xlarge` },
  { families: "g4dn", sizes: `${accelerated} 12xlarge 16xlarge metal=96` },
  { families: "g5 g6", sizes: `${accelerated} 12xlarge 16xlarge 24xlarge 48xlarge` },
  { families: "g6e", sizes: `${accelerated} 12xlarge 16xlarge 24xlarge 48xlarge`, mibPerVcpu: 8192 },
  { families: "g6f", sizes: smallest },
  { families: "gr6", sizes: "4xlarge 8xlarge", mibPerVcpu: 8192 },
  { families: "gr6f", sizes: "4xlarge", mibPerVcpu: 8192 },
  { families: "g7e", sizes: "2xlarge 4xlarge 8xlarge", mibPerVcpu: 8192 },
  { families: "g7e", sizes: "12xlarge 24xlarge 48xlarge", mibPerVcpu: 524_288 / 48 },
  { families: "p3", sizes: "2xlarge 8xlarge 16xlarge", mibPerVcpu: 7808 },
  { families: "p3dn", sizes: "24xlarge", mibPerVcpu: 8192 },
  { families: "p4d p4de", sizes: "24xlarge", mibPerVcpu: 12_288 },
  { families: "p5", sizes: "4xlarge", mibPerVcpu: 16_384 },
  { families: "p5 p5e p5en p6-b200", sizes: "48xlarge", mibPerVcpu: 2_097_152 / 192 },
  { families: "p6-b300", sizes: "48xlarge", mibPerVcpu: 4_194_304 / 192 },
];

const armRows: readonly Row[] = [
  { families: "a1", sizes: "medium large xlarge 2xlarge 4xlarge metal=16", mibPerVcpu: 2048 },
  {
    families: "c6g c6gd c7g c7gd c7gn m6g m6gd m7g m7gd r6g r6gd r7g r7gd",
    sizes: `medium ${upTo16} metal=64`,
  },
  { families: "c6gn", sizes: `medium ${upTo16}` },
  {
    families: "c8g c8gb c8gd c8gn m8g m8gb m8gd m8gn r8g r8gb r8gd r8gn",
    sizes: `medium ${upTo48} metal-24xl metal-48xl`,
  },
  { families: "c9g c9gd m9g m9gd r9g r9gd", sizes: `medium ${upTo48} metal-48xl` },
  { families: "x2gd", sizes: `medium ${upTo16} metal=64`, mibPerVcpu: 16_384 },
  { families: "x8g", sizes: `medium ${upTo48} metal-24xl metal-48xl`, mibPerVcpu: 16_384 },
  { families: "i8g", sizes: `${upTo48} metal-24xl metal-48xl` },
  { families: "g5g", sizes: `${accelerated} 16xlarge metal=64`, mibPerVcpu: 2048 },
];

const mibPerVcpuByLetter: Readonly<Record<string, number>> = {
  c: 2048,
  m: 4096,
  g: 4096,
  r: 8192,
  d: 8192,
  i: 8192,
  z: 8192,
};

const families: ReadonlyMap<string, readonly InstanceType[]> = tableOf([
  ...x86Rows.map((row) => ({ ...row, architecture: "x86_64" as const })),
  ...armRows.map((row) => ({ ...row, architecture: "arm64" as const })),
]);

/** The families behind the names that leave the choice to AWS. Since November 2025 `optimal` means `default_x86_64`. */
const categories: ReadonlyMap<string, readonly string[]> = new Map([
  ["optimal", ["m6i", "c6i", "r6i", "c7i"]],
  ["default_x86_64", ["m6i", "c6i", "r6i", "c7i"]],
  ["default_arm64", ["m6g", "c6g", "r6g", "c7g"]],
]);

/** One entry of `instance_types`: a type, a whole family, or a choice that AWS makes. */
export interface InstanceChoice {
  readonly entry: string;
  readonly kind: "type" | "family" | "category";
  readonly families: readonly string[];
  /** Every type that it allows; undefined when the family or size is not in our table. */
  readonly types: readonly InstanceType[] | undefined;
}

export function instanceChoice(entry: string): InstanceChoice {
  const category = categories.get(entry);
  if (category) {
    return { entry, kind: "category", families: category, types: category.flatMap((name) => families.get(name) ?? []) };
  }
  const family = familyOf(entry);
  const known = families.get(family);
  if (family === entry) return { entry, kind: "family", families: [family], types: known };
  const type = known?.find(({ name }) => name === entry);
  return { entry, kind: "type", families: [family], types: type && [type] };
}

export const knownFamilies: readonly string[] = [...families.keys()];

/** The types of a family; empty when the family is not in our table. */
export function typesOf(family: string): readonly InstanceType[] {
  return families.get(family) ?? [];
}

export function familyOf(entry: string): string {
  return entry.split(".")[0] ?? entry;
}

/** From the table, else from the name: a `g` behind the generation means Graviton. */
export function architectureOf(entry: string): Architecture {
  const known = instanceChoice(entry).types?.[0];
  if (known) return known.architecture;
  return /^[a-z]+\d+g/.test(entry) ? "arm64" : "x86_64";
}

/** The c4, m4 and r4 generation and older: more expensive per unit of work, and absent from newer regions. */
export function isOfOldGeneration(family: string): boolean {
  return /^(a1|[cmr][1-4]|t1|g2|p2|i2|d2|hs1)$/.test(family);
}

/** Has NVIDIA GPUs. */
export function hasNvidiaProcessors(family: string): boolean {
  return /^(gr?|p)\d/.test(family) && family !== "g4ad";
}

function tableOf(
  rows: readonly (Row & { readonly architecture: Architecture })[],
): ReadonlyMap<string, readonly InstanceType[]> {
  const table = new Map<string, InstanceType[]>();
  for (const { families: names, sizes, mibPerVcpu, architecture } of rows) {
    for (const family of names.split(" ")) {
      const perVcpu = mibPerVcpu ?? mibPerVcpuByLetter[family.charAt(0)] ?? 0;
      const types = sizes.split(" ").map((size) => typeOf(family, size, perVcpu, architecture));
      table.set(family, [...(table.get(family) ?? []), ...types]);
    }
  }
  return table;
}

function typeOf(family: string, sizeAndVcpus: string, perVcpu: number, architecture: Architecture): InstanceType {
  const [size = "", given] = sizeAndVcpus.split("=");
  const vcpus = given === undefined ? vcpusOf(size) : Number(given);
  return { name: `${family}.${size}`, vcpus, memory: Math.round(vcpus * perVcpu), architecture };
}

function vcpusOf(size: string): number {
  if (size === "medium") return 1;
  if (size === "large") return 2;
  return 4 * Number(size.replace(/^metal-|xlarge$|xl$/g, "") || 1);
}
