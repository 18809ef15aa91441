/**
 * Compiles scanner/assembly to WebAssembly and writes it as a module, so that a bundle is one file and a thread does
 * not need a path to it. Does nothing when the module was compiled from the same sources.
 */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };

const folder = join(import.meta.dirname, "../scanner/assembly");
const target = join(import.meta.dirname, "../derived/scannerWasm.js");

/** No runtime, since nothing is allocated; memory is imported and shared, so that other threads can read it. */
const options = [
  ...["--runtime", "stub", "--noAssert", "-O3", "--importMemory", "--sharedMemory"],
  ...["--initialMemory", "1", "--maximumMemory", "65536", "--enable", "simd,threads,bulk-memory"],
];

const compilerVersion = packageJson.devDependencies.assemblyscript;

const stamp = await stampOf();
const old = await readFile(target, "utf8").catch(() => "");
if (!old.startsWith(stamp)) {
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, `${stamp}\n${moduleOf(await compile())}`);
}

async function stampOf(): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([options, compilerVersion]));
  for (const file of (await readdir(folder)).sort()) hash.update(file).update(await readFile(join(folder, file)));
  return `// Made from scanner/assembly by "npm run build:workers": ${hash.digest("hex")}`;
}

async function compile(): Promise<Uint8Array> {
  // Loaded only now: the compiler takes seconds to load, and is rarely needed.
  const { default: asc } = await import("assemblyscript/asc");
  const scratch = await mkdtemp(join(tmpdir(), "scanner-"));
  try {
    const out = join(scratch, "scanner.wasm");
    const { error, stderr } = await asc.main([join(folder, "scanner.ts"), ...options, "-o", out]);
    if (error) throw new Error(`the scanner cannot be compiled\n${stderr.toString()}`, { cause: error });
    return await readFile(out);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function moduleOf(wasm: Uint8Array): string {
  const text = Buffer.from(wasm).toString("base64");
  return `export const scannerWasm = new Uint8Array(Buffer.from(${JSON.stringify(text)}, "base64"));\n`;
}
