import { connect } from "node:net";
import { Fault } from "../model/problem.ts";

// A service that is missing in a local trial does not come back, and the workers would retry for minutes, as they should on AWS.

/** Throws a Fault when no broker can be reached. `brokers` is comma-separated or a JSON array in text. */
export async function reachBrokers(brokers: string): Promise<void> {
  const places = brokerPlaces(brokers);
  const reasons = await Promise.all(
    places.map(({ place }) => (place === undefined ? "expected host:port" : reach(place))),
  );
  if (reasons.includes(undefined)) return;
  throw new Fault(`cannot reach any broker: ${places.map(({ text }, at) => `${text} (${reasons[at]})`).join(", ")}`, {
    hint: "start the brokers, or set others with --brokers host:port,...",
  });
}

/** Throws a Fault when the queue is local or of an emulator, and nothing listens there. SQS itself is not checked. */
export async function reachQueue(queueUrl: string, endpointUrl: string | undefined): Promise<void> {
  const urls = [...new Set([queueUrl, endpointUrl].flatMap((url) => (url === undefined ? [] : originOf(url))))];
  if (endpointUrl === undefined && !urls.every(isOfThisMachine)) return;
  const reasons = await Promise.all(urls.map((url) => reach(placeOfOrigin(url))));
  const away = urls.flatMap((url, at) => (reasons[at] === undefined ? [] : [`${url} (${reasons[at]})`]));
  if (away.length === 0) return;
  throw new Fault(`cannot reach the queue: ${away.join(", ")}`, {
    hint: "start its server, or set another --queue-url or --endpoint-url",
  });
}

interface NetworkPlace {
  readonly host: string;
  readonly port: number;
}

export interface BrokerPlace {
  readonly text: string;
  /** Undefined when the text is not host:port. */
  readonly place: NetworkPlace | undefined;
}

/** The brokers in a text, comma-separated or a JSON array, each in the form that the workers accept. */
export function brokerPlaces(brokers: string): readonly BrokerPlace[] {
  const texts = brokers.split(/[\s,"[\]]+/).filter((text) => text !== "");
  return texts.map((text) => {
    const [, host, digits] = /^([A-Za-z0-9._-]+):([0-9]{1,5})$/.exec(text) ?? [];
    const port = Number(digits);
    return { text, place: host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined };
  });
}

function originOf(url: string): readonly string[] {
  return URL.canParse(url) ? [new URL(url).origin] : [];
}

/** A name without a dot belongs to this machine or a container network, never to AWS. */
function isOfThisMachine(origin: string): boolean {
  const { hostname } = new URL(origin);
  return /^127\.|^\[::1\]$|^0\.0\.0\.0$|\.localhost$/.test(hostname) || !/[.:]/.test(hostname);
}

function placeOfOrigin(origin: string): NetworkPlace {
  const { hostname, port, protocol } = new URL(origin);
  return { host: hostname, port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port) };
}

/** Why a connection fails; undefined when it succeeds. Waits at most five seconds. */
function reach({ host, port }: NetworkPlace): Promise<string | undefined> {
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
