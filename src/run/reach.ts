import { connect } from "node:net";

export interface NetworkPlace {
  readonly host: string;
  readonly port: number;
}

/** Why nothing takes a connection there; undefined when something does. Waits five seconds at most. */
export function reach({ host, port }: NetworkPlace): Promise<string | undefined> {
  return new Promise((settle) => {
    const socket = connect({ host: host.replace(/^\[(.*)\]$/, "$1"), port });
    const end = (reason: string | undefined) => {
      socket.destroy();
      settle(reason);
    };
    socket.once("connect", () => end(undefined));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    socket.setTimeout(5000, () => end("no answer in 5 seconds"));
  });
}
