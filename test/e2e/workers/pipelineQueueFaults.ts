import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** What has gone wrong so far, so that a test can tell that it did. */
export interface QueueFaults {
  /** To use in place of the service's. */
  readonly url: string;
  readonly counts: Record<FaultName, number>;
  close(): Promise<void>;
}

/** unavailable: 503 as the service itself says it; page: 503 as something before it says it, in HTML. */
export type FaultName = "unavailable" | "page" | "throttled" | "lostAnswers" | "failedEntries";

interface Entry {
  readonly Id: string;
}

interface Answer {
  readonly Successful?: readonly Entry[];
  readonly Failed?: readonly object[];
}

/**
 * Stands before a server of queues, and has a share of the calls that send go wrong: as a whole with 503 or with throttling,
 * by losing the answer of a call that was done, or for some entries of it, which the server then never sees.
 */
export async function startQueueFaults(
  to: string,
  random: () => number,
  shares: Partial<Record<FaultName, number>>,
): Promise<QueueFaults> {
  const service = new URL(to);
  const counts = { unavailable: 0, page: 0, throttled: 0, lostAnswers: 0, failedEntries: 0 };
  const choose = (): FaultName | undefined => {
    let rest = random();
    for (const [name, share] of Object.entries(shares)) {
      rest -= share;
      if (rest < 0) return name as FaultName;
    }
    return undefined;
  };

  const server = createServer(async (incoming, outgoing) => {
    const body: Buffer[] = [];
    for await (const piece of incoming) body.push(piece);
    const pass = async (bytes: Buffer) => {
      const { host: _, "content-length": __, ...headers } = incoming.headers;
      const length = { "content-length": String(bytes.length) };
      return ask(service, { method: incoming.method, path: incoming.url, headers: { ...headers, ...length } }, bytes);
    };
    const answer = (status: number, value: object) => {
      outgoing.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
      outgoing.end(JSON.stringify(value));
    };
    const whole = Buffer.concat(body);
    const isSending = String(incoming.headers["x-amz-target"]).endsWith(".SendMessageBatch");
    const fault = isSending ? choose() : undefined;
    if (fault === "unavailable") {
      counts.unavailable += 1;
      answer(503, { __type: "com.amazonaws.sqs#ServiceUnavailable", message: "planned" });
    } else if (fault === "page") {
      counts.page += 1;
      outgoing.writeHead(503, { "content-type": "text/html" }).end("<html>Service Unavailable</html>");
    } else if (fault === "throttled") {
      counts.throttled += 1;
      answer(400, { __type: "com.amazonaws.sqs#RequestThrottled", message: "Request is throttled." });
    } else if (fault === "lostAnswers") {
      counts.lostAnswers += 1;
      await pass(whole);
      outgoing.destroy();
    } else if (fault === "failedEntries") {
      const call = JSON.parse(whole.toString()) as { readonly Entries: readonly Entry[] };
      const failed = call.Entries.filter(() => random() < 0.3);
      const taken = call.Entries.filter((entry) => !failed.includes(entry));
      counts.failedEntries += failed.length;
      const told =
        taken.length === 0 ? {} : await passed<Answer>(pass(Buffer.from(JSON.stringify({ ...call, Entries: taken }))));
      const Failed = failed.map(({ Id }) => ({
        Id,
        SenderFault: false,
        Code: "ServiceUnavailable",
        Message: "planned",
      }));
      answer(200, { Successful: told.Successful ?? [], Failed: [...(told.Failed ?? []), ...Failed] });
    } else {
      const { status, headers, bytes } = await pass(whole);
      outgoing.writeHead(status, headers);
      outgoing.end(bytes);
    }
  });
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    close: () =>
      new Promise((settle) => {
        server.close(() => settle());
        server.closeAllConnections();
      }),
  };
}

interface Passed {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly bytes: Buffer;
}

function ask(
  { hostname, port }: URL,
  options: { method: string | undefined; path: string | undefined; headers: Record<string, unknown> },
  bytes: Buffer,
): Promise<Passed> {
  return new Promise((settle, fail) => {
    const { method, path } = options;
    const headers = options.headers as Record<string, string>;
    const asked = request({ hostname, port, method, path, headers }, async (answer) => {
      const pieces: Buffer[] = [];
      for await (const piece of answer) pieces.push(piece);
      settle({ status: answer.statusCode ?? 502, headers: answer.headers, bytes: Buffer.concat(pieces) });
    });
    asked.on("error", fail);
    asked.end(bytes);
  });
}

async function passed<Value>(passing: Promise<Passed>): Promise<Value> {
  const { status, bytes } = await passing;
  if (status !== 200) throw new Error(`the service answered ${status}: ${bytes}`);
  return JSON.parse(bytes.toString()) as Value;
}
