import { expect, test } from "vitest";
import { sqsClientOptions } from "../../../../workers/sinks/sqs/clientOptions.ts";

test.each([
  ["https://sqs.us-east-2.amazonaws.com/123456789012/q", "https://sqs.us-east-2.amazonaws.com", "us-east-2"],
  ["https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q", "https://sqs.cn-north-1.amazonaws.com.cn", "cn-north-1"],
  [
    "https://vpce-0a-1b.sqs.eu-central-1.vpce.amazonaws.com/1/q",
    "https://vpce-0a-1b.sqs.eu-central-1.vpce.amazonaws.com",
    "eu-central-1",
  ],
  ["https://queue.amazonaws.com/123456789012/q", "https://queue.amazonaws.com", "eu-west-1"],
  ["http://127.0.0.1:9324/000000000000/q.fifo", "http://127.0.0.1:9324", "eu-west-1"],
])("%s is reached at %s and signed for %s", (url, endpoint, region) => {
  expect(sqsClientOptions(url, "eu-west-1")).toEqual({ endpoint, region });
});
