/**
 * What AWS Lambda is to the function, in a process of its own: loads the bundle that is the first argument, and calls its
 * handler for every message of the parent, one after another.
 */
import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import process from "node:process";
import { pathToFileURL } from "node:url";

export interface LambdaCall {
  readonly event: unknown;
  /** Milliseconds that the call has. */
  readonly timeLimit: number;
}

export type LambdaAnswer = {
  /** Connections that were made during the call, by the port that they lead to. */
  readonly connections: Readonly<Record<number, number>>;
} & ({ readonly result: unknown } | { readonly error: { readonly name: string; readonly message: string } });

const connections = new Map<number, number>();
subscribe("net.client.socket", (message) => {
  const { socket } = message as { readonly socket: Socket };
  socket.once("connect", () => {
    const port = socket.remotePort ?? 0;
    connections.set(port, (connections.get(port) ?? 0) + 1);
  });
});

const { handler } = await import(pathToFileURL(process.argv[2] ?? "").href);

process.on("message", async ({ event, timeLimit }: LambdaCall) => {
  connections.clear();
  const deadline = performance.now() + timeLimit;
  const context = {
    awsRequestId: crypto.randomUUID(),
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
  };
  const answer = await handler(event, context).then(
    (result: unknown) => ({ result }),
    ({ name, message }: Error) => ({ error: { name, message } }),
  );
  process.send?.({ ...answer, connections: Object.fromEntries(connections) } satisfies LambdaAnswer);
});
process.send?.("ready");
