import { defineRule } from "../../model/rule.ts";
import { type LineMistake, looksLikeMime, mimeMistakes } from "../rules-support/mimeMultipart.ts";

const text = (...lines: readonly string[]) => `${lines.join("\n")}\n`;

export const userData = defineRule({
  id: "user-data",
  severity: "error",
  summary: "The user data is a shell script that EC2 and cloud-init accept, and contains no credentials.",
  why:
    "cloud-init runs a script only when it starts with #!, and silently skips a part that it cannot read: the " +
    "instance joins without its settings. EC2 rejects user data above 16 KB. And anyone who may describe the " +
    "launch template, and every process on the instance, can read its contents.",
  source: "https://docs.aws.amazon.com/batch/latest/userguide/launch-templates.html",
  examples: {
    good: [
      {
        shows: "a plain script; the module wraps it as MIME multi-part",
        userData: "#!/bin/bash\nset -euo pipefail\necho ECS_IMAGE_CLEANUP_INTERVAL=10m >>/etc/ecs/ecs.config\n",
      },
      {
        shows: "a secret that is fetched, not included",
        userData: text(
          "#!/bin/bash",
          "set -eu",
          'AWS_SECRET_ACCESS_KEY="$(aws ssm get-parameter --name key --with-decryption --query Parameter.Value)"',
        ),
      },
    ],
    bad: [
      {
        shows: "no #! in the first line",
        userData: "set -eu\necho ECS_CONTAINER_STOP_TIMEOUT=110s >>/etc/ecs/ecs.config\n",
      },
      { shows: "Windows line endings", userData: "#!/bin/bash\r\necho hello\r\n" },
      { shows: "an access key", userData: "#!/bin/bash\nexport AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\n" },
      {
        shows: "a secret key",
        userData: "#!/bin/bash\naws configure set aws_secret_access_key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
      },
      {
        shows: "a private key",
        userData: "#!/bin/bash\ncat >/root/key <<'END'\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\nEND\n",
      },
      {
        shows: "a MIME document, which the module would wrap a second time",
        userData: text(
          "MIME-Version: 1.0",
          'Content-Type: multipart/mixed; boundary="==PART=="',
          "",
          "--==PART==",
          'Content-Type: text/x-shellscript; charset="us-ascii"',
          "",
          "#!/bin/bash",
          "echo hello",
          "",
          "--==PART==--",
        ),
      },
      {
        shows: "a MIME document whose boundary differs from its header",
        userData: text(
          "MIME-Version: 1.0",
          'Content-Type: multipart/mixed; boundary="==PART=="',
          "",
          "--==OTHER==",
          "Content-Type: text/x-shellscript",
          "",
          "#!/bin/bash",
          "",
          "--==OTHER==--",
        ),
      },
      {
        shows: "a MIME document without a blank line below a header, and without its end",
        userData: text(
          "MIME-Version: 1.0",
          'Content-Type: multipart/mixed; boundary="==PART=="',
          "",
          "--==PART==",
          "Content-Type: text/x-shellscript",
          "#!/bin/bash",
          "echo hello",
        ),
      },
      {
        shows: "a MIME document of a type that cloud-init does not support",
        userData: text(
          "MIME-Version: 1.0",
          "Content-Type: multipart/mixed; boundary=PART",
          "",
          "--PART",
          "Content-Type: text/shell",
          "",
          "#!/bin/bash",
          "--PART--",
        ),
      },
      { shows: "more than EC2 accepts", userData: `#!/bin/bash\n: ${"x".repeat(16_384)}\n` },
    ],
  },
  *check({ userData: script }) {
    if (script === undefined) return;
    const lines = script.text.split("\n");
    const isMime = looksLikeMime(lines);
    const form = isMime ? mimeMistakes(lines.map((line) => line.replace(/\r$/, ""))) : scriptMistakes(lines);
    const mistakes = [...carriageReturns(lines), ...form, ...tooLong(script.text, isMime), ...credentials(lines)];
    for (const { line, ...facts } of mistakes) yield { document: script, pointer: String(line), ...facts };
    if (isMime) yield { document: script, pointer: "1", ...wrappedTwice(lines), severity: "warning" };
  },
});

function scriptMistakes([first = ""]: readonly string[]): LineMistake[] {
  if (first.startsWith("#!")) return [];
  return [
    { line: 1, found: first, expected: "a first line that starts with #!", hint: "start the script with #!/bin/bash" },
  ];
}

function wrappedTwice([found = ""]: readonly string[]) {
  return {
    found,
    expected: "only the script, because the generated module wraps it as MIME multi-part itself",
    hint:
      "keep only the lines from #! to the closing boundary, or ignore this rule where another module " +
      "passes the file on unchanged",
  };
}

function carriageReturns(lines: readonly string[]): LineMistake[] {
  const index = lines.findIndex((line) => line.includes("\r"));
  if (index === -1) return [];
  const hint =
    "save the file with LF line endings: the kernel would look for an interpreter named bash with a carriage return";
  return [{ line: index + 1, found: lines[index] ?? "", expected: "line endings without carriage return", hint }];
}

// EC2 counts the text before base64: this file, plus the MIME lines around it. AWS Batch then adds a part of
// its own, and the sum has to fit; AWS does not document the length of that part. So: an error where not a byte is
// left for it, a warning when ours uses more than three quarters (which is 16 KB in base64).
const limitBytes = 16_384;
const wrapperBytes = 183;

function tooLong(text: string, isMime: boolean): (LineMistake & { readonly severity?: "warning" })[] {
  const bytes = new TextEncoder().encode(text).length + (isMime ? 0 : wrapperBytes);
  if (bytes <= (limitBytes * 3) / 4) return [];
  const found = `${bytes} bytes with the MIME lines around it`;
  const hint = "fetch the long part from S3 when the instance starts, or include it in the image";
  if (bytes >= limitBytes) return [{ line: 1, found, expected: `less than ${limitBytes} bytes`, hint }];
  const expected = `at most ${(limitBytes * 3) / 4} bytes, which leaves room for the part that AWS Batch adds`;
  return [{ line: 1, found, expected, hint, severity: "warning" }];
}

const secrets: readonly (readonly [RegExp, string])[] = [
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/, "an access key of AWS"],
  [/aws_secret_access_key[\s=:"']{1,10}[A-Za-z0-9/+]{30,}/i, "a secret key of AWS"],
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/, "a private key"],
];

function credentials(lines: readonly string[]): LineMistake[] {
  return lines.flatMap((text, index) =>
    secrets
      .filter(([pattern]) => pattern.test(text))
      .map(([, what]) => ({
        line: index + 1,
        found: `${what} (not shown)`,
        expected: "no credentials",
        hint:
          "use the role of the instance or job, or fetch the secret when the script runs; and replace this " +
          "one, because it is exposed",
      })),
  );
}
