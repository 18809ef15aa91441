import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands before a service of this machine and can hold requests back, so that a test decides where a program is when it is stopped. */
export interface Gate {
  /** To use in place of the service's. */
  readonly url: string;
  /** Settles when `count` of the requests that match have been let through; those that follow wait until `open` is called. */
  reached(): Promise<void>;
  open(): void;
  close(): Promise<void>;
}

export interface GateOptions {
  readonly to: string;
  /** Is this one of the requests to be counted and held? By its X-Amz-Target, which names what is asked of SQS. */
  readonly holds: (target: string) => boolean;
  readonly after: number;
}

export async function startGate({ to, holds, after }: GateOptions): Promise<Gate> {
  const service = new URL(to);
  const full = latch();
  const opened = latch();
  let count = 0;
  const server = createServer(async (incoming, outgoing) => {
    if (holds(String(incoming.headers["x-amz-target"] ?? ""))) {
      count += 1;
      if (count > after) {
        full.release();
        await opened.released;
      }
    }
    const { method, url, headers } = incoming;
    const passedOn = request({ host: service.hostname, port: service.port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passedOn.on("error", () => outgoing.destroy());
    incoming.pipe(passedOn);
  });
  await listening(server);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    reached: () => full.released,
    open: () => opened.release(),
    close: () =>
      new Promise((settle) => {
        opened.release();
        server.close(() => settle());
        server.closeAllConnections();
      }),
  };
}

function latch(): { readonly released: Promise<void>; release(): void } {
  let release = () => {};
  const released = new Promise<void>((settle) => {
    release = settle;
  });
  return { released, release: () => release() };
}

function listening(server: Server): Promise<void> {
  return new Promise((settle, fail) => {
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => settle());
  });
}
