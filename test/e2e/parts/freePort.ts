import { createServer, type Server } from "node:net";

/** A port of 127.0.0.1 that nobody listens on. Somebody else may take it before it is used, which is unlikely enough. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

/** Ports that differ from each other: the system may give the same one again as soon as it is free. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map(portOf);
  await Promise.all(servers.map((server) => new Promise((settle) => server.close(settle))));
  return ports;
}

function listen(): Promise<Server> {
  return new Promise((settle, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => settle(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
