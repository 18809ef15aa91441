import { createServer, type IncomingMessage, request as requestFrom, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface SeenRequest {
  /** From 0, in the order in which they came. */
  readonly number: number;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly range: string | undefined;
}

/** What goes wrong with a request. */
export interface Fault {
  /** The requests that it strikes: all when left out. */
  readonly when?: (request: SeenRequest) => boolean;
  /** How many of them, 1 when left out. */
  readonly times?: number;
  /** Done before the request is passed on. */
  readonly before?: () => Promise<void>;
  /** Answered instead of passing it on, as S3 writes its errors. */
  readonly answer?: { readonly status: number; readonly code: string };
  /** The request is passed on and done, but the connection breaks before its answer. */
  readonly loseAnswer?: boolean;
  /** The connection breaks after so many bytes of the body. */
  readonly cutAfterBytes?: number;
  /** Nothing more comes after so many bytes of the body; the connection stays open. */
  readonly stallAfterBytes?: number;
  /** The body comes in pieces of so many bytes, with a pause before each. */
  readonly trickle?: { readonly bytes: number; readonly pauseMs: number };
}

export interface FaultProxy {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** The faults from now on. Each request is struck by the first of them that fits and is not used up. */
  plan(...faults: readonly Fault[]): void;
  /** Connections of clients that are open and have a request under way. */
  busy(): number;
  stop(): Promise<void>;
}

/** Passes requests on to another HTTP server, and has them go wrong as planned. */
export async function startFaultProxy(upstream: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(upstream);
  const seen: SeenRequest[] = [];
  let faults: { fault: Fault; left: number }[] = [];
  const sockets = new Set<Socket>();
  let busy = 0;

  const server = createServer((request, response) => {
    busy++;
    response.once("close", () => busy--);
    const { method = "", url = "" } = request;
    const one = { number: seen.length, method, url, range: request.headers.range };
    seen.push(one);
    // Whoever is cut off in the middle is what this is about.
    handle(one, request, response).catch(() => response.destroy());
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });

  async function handle(one: SeenRequest, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const planned = faults.find(({ fault, left }) => left > 0 && (fault.when?.(one) ?? true));
    if (planned !== undefined) planned.left--;
    const fault = planned?.fault ?? {};
    await fault.before?.();
    if (fault.answer !== undefined) {
      request.resume();
      response.writeHead(fault.answer.status, { "content-type": "application/xml" });
      response.end(
        one.method === "HEAD" ? "" : `<Error><Code>${fault.answer.code}</Code><Message>planned</Message></Error>`,
      );
      return;
    }
    const answer = await passOn(request);
    if (fault.loseAnswer) {
      answer.resume();
      response.destroy();
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    await sendBody(answer, response, fault);
  }

  function passOn(request: IncomingMessage): Promise<IncomingMessage> {
    return new Promise((settle, fail) => {
      const { method, url: path, headers } = request;
      const onward = requestFrom({ hostname, port, method, path, headers }, settle);
      onward.on("error", fail);
      request.on("error", fail);
      request.pipe(onward);
    });
  }

  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    plan(...planned) {
      seen.length = 0;
      faults = planned.map((fault) => ({ fault, left: fault.times ?? 1 }));
    },
    busy: () => busy,
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((settle) => server.close(() => settle()));
    },
  };
}

async function sendBody(answer: IncomingMessage, response: ServerResponse, fault: Fault): Promise<void> {
  const { cutAfterBytes, stallAfterBytes, trickle } = fault;
  const lastByte = cutAfterBytes ?? stallAfterBytes ?? Number.POSITIVE_INFINITY;
  let sent = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    const step = trickle?.bytes ?? chunk.length;
    for (let offset = 0; offset < chunk.length; offset += step) {
      if (response.destroyed) return;
      if (trickle !== undefined) await sleep(trickle.pauseMs);
      const piece = chunk.subarray(offset, Math.min(offset + step, offset + lastByte - sent));
      sent += piece.length;
      // Flushed, so that the client has the bytes before it has the fault.
      await new Promise<void>((settle, fail) => response.write(piece, (error) => (error ? fail(error) : settle())));
      if (sent < lastByte) continue;
      if (cutAfterBytes !== undefined) response.destroy();
      return;
    }
  }
  response.end();
}
