import { connect } from "node:net";
import { Fault } from "../model/problem.ts";

/**
 * Throws a Fault when no broker can be reached: the workers would try for minutes, since on AWS a broker that is away comes
 * back. `brokers` is comma-separated or a JSON array in text.
 */
export async function reachBrokers(brokers: string): Promise<void> {
  const places = brokers.split(/[\s,"[\]]+/).filter((place) => place !== "");
  const reasons = await Promise.all(places.map(reach));
  if (reasons.includes(undefined)) return;
  throw new Fault(`no broker can be reached: ${places.map((place, at) => `${place} (${reasons[at]})`).join(", ")}`, {
    hint: "start the brokers, or give others with --brokers host:port,...",
  });
}

/** Why it cannot be reached; undefined when it can. */
function reach(place: string): Promise<string | undefined> {
  const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(place) ?? [];
  if (host === "" || Number(port) > 65_535) return Promise.resolve("expected host:port");
  return new Promise((settle) => {
    const socket = connect({ host: host.replace(/^\[(.*)\]$/, "$1"), port: Number(port) });
    const end = (reason: string | undefined) => {
      socket.destroy();
      settle(reason);
    };
    socket.once("connect", () => end(undefined));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    socket.setTimeout(5000, () => end("no answer in 5 seconds"));
  });
}
