import type { LambdaFunction } from "../../derived/types.ts";
import type { TemplateDocument } from "../../model/document.ts";
import { defineRule, type Finding, type Subject } from "../../model/rule.ts";
import { isSample } from "../rules-support/samples.ts";

const code = (changes: Readonly<Record<string, string | null>>) => ({
  documents: { "lambda-function.json": { package: changes } },
});
const none = { s3_bucket: null, s3_key: null };

export const lambdaPackage = defineRule({
  id: "lambda-package",
  severity: "error",
  summary: "The code of the function comes from one source, under a name that identifies one version of it.",
  why:
    "Terraform compares names and not contents: when a new zip file has the key of the old one, apply changes " +
    "nothing and the function runs the old code. With two sources AWS rejects the function, and the provider " +
    "rejects a runtime that it does not support.",
  source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function",
  examples: {
    good: [
      { shows: "a key with a version", ...code({ s3_key: "batch-processing/batch_processor-1.4.0.zip" }) },
      { shows: "a version of the object", ...code({ s3_key: "batch.zip", s3_object_version: "3sL4kqtJlcpXroDTDmJ" }) },
      {
        shows: "a container image",
        ...code({ ...none, image_uri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/batch_processor_lambda:1.4.0" }),
      },
      {
        shows: "another program, with a handler in a folder",
        documents: { "lambda-function.json": { handler: "src/main.run", package: { s3_key: "orders-1.4.0.zip" } } },
      },
    ],
    bad: [
      {
        shows: "a handler without the name of its function",
        documents: { "lambda-function.json": { handler: "handler" } },
      },
      {
        shows: "a handler in a file that is not in our package",
        documents: { "lambda-function.json": { handler: "main.handler" } },
      },
      { shows: "a key without a version", ...code({ s3_key: "batch-processing/batch_processor.zip" }) },
      { shows: "the tag latest", ...code({ s3_key: "batch-processing/batch_processor-latest.zip" }) },
      {
        shows: "an image without a tag",
        ...code({ ...none, image_uri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/batch" }),
      },
      { shows: "two sources", ...code({ filename: "/builds/lambda.zip" }) },
      { shows: "a bucket without a key", ...code({ s3_key: null }) },
      {
        shows: "a runtime that version 5 of the provider rejects",
        documents: { "lambda-function.json": { runtime: "nodejs24.x" } },
      },
      {
        shows: "a runtime that AWS no longer supports",
        documents: { "lambda-function.json": { runtime: "nodejs20.x" } },
      },
    ],
  },
  *check({ lambdaFunctions, settings }) {
    for (const document of lambdaFunctions) {
      yield* sourceFindings(document);
      yield* versionFindings(document);
      yield* handlerFindings(document);
      yield* runtimeFindings(document, settings);
    }
  },
});

type Function = TemplateDocument<LambdaFunction>;

function* sourceFindings(document: Function): Iterable<Finding> {
  const { s3_bucket, s3_key, s3_object_version, filename, image_uri } = document.value.package;
  const fromS3 = s3_bucket !== undefined || s3_key !== undefined || s3_object_version !== undefined;
  const sources = [fromS3, filename !== undefined, image_uri !== undefined].filter(Boolean).length;
  if (sources !== 1) {
    const expected = "one source: s3_bucket and s3_key, or filename, or image_uri";
    yield {
      document,
      pointer: "/package",
      found: Object.keys(document.value.package),
      expected,
      hint: "remove the others",
    };
  } else if (fromS3 && (s3_bucket === undefined || s3_key === undefined)) {
    const expected = "s3_bucket and s3_key together";
    yield { document, pointer: "/package", found: Object.keys(document.value.package), expected, hint: "name both" };
  }
}

function* versionFindings(document: Function): Iterable<Finding> {
  const { s3_key, s3_object_version, image_uri } = document.value.package;
  const finding = { document, severity: "warning" } as const;
  const expected = "a name that contains the version, because Terraform sees no other change";
  if (s3_key !== undefined && s3_object_version === undefined && !isSample(document, "/package/s3_key")) {
    if (hasVersion(s3_key)) return;
    const hint = "put the version into the key, as in batch_processor-0.1.0.zip, or set s3_object_version";
    yield { ...finding, pointer: "/package/s3_key", found: s3_key, expected, hint };
  }
  if (image_uri !== undefined && !isSample(document, "/package/image_uri")) {
    const tag = /(?::([^/:]+)|@sha256:[0-9a-f]{64})$/.exec(image_uri);
    if (tag !== null && tag[1] !== "latest") return;
    yield { ...finding, pointer: "/package/image_uri", found: image_uri, expected, hint: "name a tag or a digest" };
  }
}

/** A number of several parts, a commit, a hash or a date. */
function hasVersion(key: string): boolean {
  const name = key.split("/").slice(-2).join("/");
  return /\d+[.-]\d+|\d{6,}/.test(name) || /(?<![0-9a-f])(?=[a-f]*\d)[0-9a-f]{7,}(?![0-9a-f])/.test(name);
}

function* handlerFindings(document: Function): Iterable<Finding> {
  const { handler: found, package: source } = document.value;
  const pointer = "/handler";
  if (found === undefined || source.image_uri !== undefined || isSample(document, pointer)) return;
  const path = source.s3_key ?? source.filename ?? "";
  const isOurs = /^batch_processor(?:[-_.]|$)/.test(path.split("/").at(-1) ?? "");
  if (!/^[^.].*\.[^./]+$/.test(found)) {
    const expected = "the name of a file without its ending, a dot, and the function that it exports";
    yield { document, pointer, found, expected, hint: "set it to index.handler, or leave it out" };
  } else if (isOurs && found !== "index.handler") {
    const expected = "index.handler, the handler in the package of batch_processor";
    yield { document, pointer, found, expected, hint: "set it to index.handler, or leave it out" };
  }
}

function* runtimeFindings(document: Function, { awsProvider }: Subject["settings"]): Iterable<Finding> {
  const { runtime } = document.value;
  if (runtime === "nodejs24.x" && awsProvider === 5) {
    const hint = "set it to nodejs22.x, or aws_provider to 6";
    yield {
      document,
      pointer: "/runtime",
      found: runtime,
      expected: "a runtime that version 5 of the provider supports",
      hint,
    };
  }
  if (runtime !== "nodejs20.x") return;
  yield {
    document,
    pointer: "/runtime",
    found: runtime,
    expected: "a runtime that AWS still supports: Node.js 20 has reached its end of life",
    hint: "set it to nodejs22.x",
    severity: "warning",
  };
}
