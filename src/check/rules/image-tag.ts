import { defineRule, type Finding } from "../../model/rule.ts";
import { isSample } from "../rules-support/samples.ts";

const image = (reference: string) => ({
  documents: { "batch-processing-job.json": { container_properties: { image: reference } } },
});
const repository = "123456789012.dkr.ecr.us-east-1.amazonaws.com/batch_processor";

export const imageTag = defineRule({
  id: "image-tag",
  severity: "error",
  summary: "The image has a tag that does not move, or a digest.",
  why:
    "latest is whatever was pushed last, and an image without a tag means latest. Two attempts of one job can " +
    "run two programs, an instance may still have an old one, and going back to yesterday's job definition " +
    "does not bring yesterday's program back.",
  source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
  examples: {
    good: [
      { shows: "a version", ...image(`${repository}:0.1.0`) },
      { shows: "a digest", ...image(`${repository}@sha256:${"0123456789abcdef".repeat(4)}`) },
      { shows: "a registry with a port, and a version", ...image("registry.example.com:5000/batch_processor:0.1.0") },
    ],
    bad: [
      { shows: "latest", ...image(`${repository}:latest`) },
      { shows: "no tag", ...image("registry.example.com:5000/batch_processor") },
      { shows: "an incomplete digest", ...image(`${repository}@sha256:0123456789abcdef`) },
    ],
  },
  *check({ jobDefinitions }) {
    const pointer = "/container_properties/image";
    for (const document of jobDefinitions) {
      const { image: found } = document.value.container_properties;
      const remark = judge(found, isSample(document, pointer));
      if (remark) yield { document, pointer, found, ...remark };
    }
  },
});

/** In an image that is partly a placeholder, only a literal latest is certain. */
function judge(reference: string, sampled: boolean): Pick<Finding, "expected" | "hint"> | undefined {
  const [named = "", digest] = reference.split("@");
  if (digest !== undefined) {
    if (sampled || /^sha256:[0-9a-f]{64}$/.test(digest)) return undefined;
    return {
      expected: "a digest of sha256: and 64 hexadecimal digits",
      hint: "copy the whole digest, as docker push prints it",
    };
  }
  const tag = named.split("/").at(-1)?.split(":")[1];
  if (tag === "latest")
    return {
      expected: "a tag that does not move, or a digest, instead of latest",
      hint: "name the version, such as :0.1.0",
    };
  if (sampled || (tag !== undefined && tag !== "")) return undefined;
  return { expected: "a tag or a digest, because no tag means latest", hint: "add the version, such as :0.1.0" };
}
