import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import { SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AwsSqsQueue, sqsClientOptions } from "../../../../workers/sinks/sqs/awsSqsQueue.ts";
import { faultOf, isTooLong } from "../../../../workers/sinks/sqs/errors.ts";
import type { SqsEntry } from "../../../../workers/sinks/sqs/sqsQueue.ts";

interface Asked {
  readonly action: string;
  readonly body: Readonly<Record<string, unknown>>;
}

let server: Server;
let queue: AwsSqsQueue;
let asked: Asked[];
let answer: { readonly status: number; readonly code?: string; readonly body: object };

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const action = String(request.headers["x-amz-target"]);
      asked.push({ action, body: JSON.parse(Buffer.concat(chunks).toString()) as Asked["body"] });
      const query = answer.code === undefined ? {} : { "x-amzn-query-error": `${answer.code};Sender` };
      response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.0", ...query });
      response.end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  const address = server.address();
  const endpoint = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = new SQSClient({ endpoint, region: "eu-west-1", credentials, maxAttempts: 1 });
  queue = new AwsSqsQueue(`${endpoint}/123456789012/records.fifo`, client);
});

afterEach(async () => {
  queue.close();
  await new Promise((settle) => server.close(settle));
});

const md5 = (text: string) => createHash("md5").update(text).digest("hex");

function entryOf(id: string): SqsEntry {
  return { id, body: "{}", attributes: { source: "s3://b/k" }, fifo: { group: "g", deduplication: `d${id}` } };
}

/** Fails as the service does: with the type of the JSON protocol, and the code of the old one in a header. */
function refusal(type: string, code: string, status = 400) {
  return { status, code, body: { __type: `com.amazonaws.sqs#${type}`, message: "the reason" } };
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test("an answer is taken apart entry by entry", async () => {
  answer = {
    status: 200,
    body: {
      Successful: [{ Id: "0", MessageId: "m", MD5OfMessageBody: md5("{}") }],
      Failed: [
        { Id: "1", SenderFault: true, Code: "InvalidMessageContents", Message: "bad" },
        { Id: "2", SenderFault: false, Code: "InternalError", Message: "again" },
      ],
    },
  };
  expect(queue.isFifo).toBe(true);
  expect(await queue.sendBatch(["0", "1", "2", "3"].map(entryOf))).toEqual({
    stored: new Set(["0"]),
    failed: new Map([
      ["1", { isFinal: true, code: "InvalidMessageContents", message: "bad" }],
      ["2", { isFinal: false, code: "InternalError", message: "again" }],
    ]),
  });
  expect(asked[0]).toMatchObject({
    action: "AmazonSQS.SendMessageBatch",
    body: {
      Entries: [
        {
          Id: "0",
          MessageBody: "{}",
          MessageGroupId: "g",
          MessageDeduplicationId: "d0",
          MessageAttributes: { source: { DataType: "String", StringValue: "s3://b/k" } },
        },
        {},
        {},
        {},
      ],
    },
  });
});

test("the size of a message is what the queue says, and unknown to a job that may not ask", async () => {
  answer = { status: 200, body: { Attributes: { MaximumMessageSize: "2048" } } };
  expect(await queue.maximumMessageSize()).toBe(2048);
  answer = { status: 200, body: {} };
  expect(await queue.maximumMessageSize()).toBeUndefined();
  answer = refusal("AccessDeniedException", "AccessDenied", 403);
  expect(await queue.maximumMessageSize()).toBeUndefined();
});

test.each([
  ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", 400, "configuration"],
  ["AccessDeniedException", "AccessDenied", 403, "not-allowed"],
  ["InvalidClientTokenId", "InvalidClientTokenId", 403, "not-allowed"],
  ["KmsAccessDenied", "KMS.AccessDeniedException", 400, "not-allowed"],
  ["InvalidParameterValue", "InvalidParameterValue", 400, "configuration"],
  ["RequestThrottled", "RequestThrottled", 400, undefined],
  ["KmsThrottled", "KMS.ThrottlingException", 400, undefined],
  ["ServiceUnavailable", "ServiceUnavailable", 503, undefined],
])("the error %s (%s, %d) means %s", async (type, code, status, outcome) => {
  answer = refusal(type, code, status);
  const error = await errorOf(queue.sendBatch([entryOf("0")]));
  expect(faultOf(error)?.outcome).toBe(outcome);
  expect(isTooLong(error)).toBe(false);
});

test("a call that is too long is told apart", async () => {
  answer = refusal("BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong");
  expect(isTooLong(await errorOf(queue.sendBatch([entryOf("0")])))).toBe(true);
});

test("a server that is away may come back", async () => {
  await new Promise((settle) => server.close(settle));
  const error = await errorOf(queue.sendBatch([entryOf("0")]));
  expect(error).toBeInstanceOf(Error);
  expect(faultOf(error)).toBeUndefined();
});

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
