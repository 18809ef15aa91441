import { spawnSync } from "node:child_process";
import { parse } from "@cdktn/hcl2json";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  codeSpan,
  documentText,
  hclKey,
  hclString,
  hclTemplateString,
  hclValue,
  prose,
  shellWord,
} from "../../src/render/quoting.ts";
import { nastyTexts } from "./configs.ts";
import { evaluateDeep, noCode } from "./evaluate.ts";

// The schemas keep most of this from the places where it would hurt; here each language's quoting stands alone.
const settings = { seed: 20261130 };
const texts = fc
  .array(fc.oneof(fc.constantFrom(...nastyTexts), fc.string({ unit: "grapheme", maxLength: 5 })), { maxLength: 6 })
  .map((pieces) => pieces.join(""))
  // Terraform brings text into NFC, and the parser reads signs as the evaluator does from there on.
  .map((text) => text.normalize("NFC").replace(/\p{Cs}/gu, ""));

async function readHcl(value: string): Promise<unknown> {
  const { locals } = (await parse("text.hcl", `locals {\n  value = ${value}\n}\n`)) as { locals: { value: unknown }[] };
  return evaluateDeep(locals[0]?.value, noCode);
}

test("any text as an HCL string, value or key is that text again", async () => {
  const law = fc.asyncProperty(fc.array(texts, { minLength: 5, maxLength: 20 }), async (list) => {
    expect(await readHcl(`[${list.map(hclString).join(", ")}]`)).toEqual(list);
    expect(await readHcl(hclValue(list, "  "))).toEqual(list);
    const keys = [...new Set(list)].filter((key) => key !== "__proto__");
    const object = Object.fromEntries(keys.map((key, index) => [key, index]));
    expect(await readHcl(`{\n${keys.map((key, index) => `${hclKey(key)} = ${index}\n`).join("")}}`)).toEqual(object);
  });
  await fc.assert(law, { ...settings, numRuns: 100 });
});

test("text that is template text already keeps its placeholders, and nothing else in it is code", async () => {
  const supplied = new Map([["PREFIX", "local.prefix"]]);
  const law = fc.asyncProperty(texts, texts, async (before, after) => {
    const escaped = (text: string) => text.replaceAll("$", "").replaceAll("%{", "%%%{");
    const quoted = hclTemplateString(`${escaped(before)}\${PREFIX}${escaped(after)}`, supplied);
    const { locals } = (await parse("text.hcl", `locals {\n  value = ${quoted}\n}\n`)) as {
      locals: { value: unknown }[];
    };
    const once = evaluateDeep(locals[0]?.value, (source) => (source === "local.prefix" ? "gss-dev" : noCode(source)));
    expect(evaluateDeep(once, noCode)).toBe(`${before.replaceAll("$", "")}gss-dev${after.replaceAll("$", "")}`);
  });
  await fc.assert(law, { ...settings, numRuns: 100 });
});

test("any text as a word of shell is that text again", () => {
  const law = fc.property(fc.array(texts, { minLength: 20, maxLength: 60 }), (list) => {
    const words = list.map((text) => text.replaceAll("\0", ""));
    const script = `printf '%s\\0' ${words.map(shellWord).join(" ")}`;
    const { stdout, stderr } = spawnSync("sh", ["-c", script], { encoding: "utf8", cwd: "/", env: {} });
    expect(stderr).toBe("");
    expect(stdout.split("\0").slice(0, -1)).toEqual(words);
  });
  fc.assert(law, { ...settings, numRuns: 30 });
});

test("any data as the text of a document is that data again", () => {
  const law = fc.property(fc.jsonValue({ stringUnit: "binary" }), texts, (value, text) => {
    const data = { command: [text, "--a", text, "--b", "--c", text], [text]: value };
    expect(JSON.parse(documentText(data))).toEqual(JSON.parse(JSON.stringify(data)));
  });
  fc.assert(law, { ...settings, numRuns: 500 });
});

test("any text in Markdown stays on its line and in its cell", () => {
  const law = fc.property(texts, (text) => {
    for (const cell of [codeSpan(text), prose(text)]) {
      expect(cell).not.toMatch(/[\r\n\u2028\u2029]/);
      expect(cell.replaceAll(/\\[\s\S]/g, "")).not.toContain("|");
    }
    const fence = /^`+/.exec(codeSpan(text))?.[0] as string;
    expect(codeSpan(text).slice(fence.length, -fence.length)).not.toMatch(new RegExp(`(?<!\`)${fence}(?!\`)`));
    expect(prose(text).replaceAll(/\\[\s\S]/g, "")).not.toMatch(/[<>`*_[\]]/);
  });
  fc.assert(law, { ...settings, numRuns: 500 });
});
