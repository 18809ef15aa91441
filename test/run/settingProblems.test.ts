import { expect, test } from "vitest";
import { settingProblems } from "../../src/run/settingProblems.ts";

test.each<[string, readonly string[], readonly string[]]>([
  ["MAX_INVALID", ["0", "1000", "5%", "0.5%", "100%"], ["some", "-1", "101%", "5 %", "1.5", "99999999999999999"]],
  ["KAFKA_BROKERS", ["localhost:9092", '["a:1","b:2"]', "a:1, b:65535"], ["localhost", "a:0", "a:65536", ",", "a:1,b"]],
  ["KAFKA_TOPIC", ["a.B_c-1"], ["a b", "", "a/b"]],
  ["SQS_CORE_QUEUE", ["http://localhost:4566/000/q"], ["queue", "ftp://a/b", "http://a", "http://a:99999/q"]],
  ["AWS_ENDPOINT_URL", ["http://localhost:4566"], ["localhost:4566", "http://", "http://a:99999"]],
  ["AWS_REGION", ["eu-west-1", "us-gov-east-1"], ["nope", "EU-WEST-1"]],
  ["S3_BUCKET", ["my-data"], ["X", "a_b"]],
])("%s", (variable, right, wrong) => {
  const problems = (text: string) => settingProblems([{ called: "--flag", variable, text }]);
  expect(right.flatMap(problems)).toEqual([]);
  for (const text of wrong) expect(problems(text)).toEqual([expect.stringMatching(/^--flag is ".*"; expected ./)]);
});
