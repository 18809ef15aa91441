import { Fault } from "../model/problem.ts";
import { type NetworkPlace, reach } from "./reach.ts";

/**
 * Throws a Fault when the queue is one of this machine or of an emulator, and nothing listens there: the workers would try for
 * minutes, since SQS itself comes back. SQS is not asked beforehand.
 */
export async function reachQueue(queueUrl: string, endpointUrl: string | undefined): Promise<void> {
  const urls = [...new Set([queueUrl, endpointUrl].flatMap((url) => (url === undefined ? [] : originOf(url))))];
  if (endpointUrl === undefined && !urls.every(isOfThisMachine)) return;
  const reasons = await Promise.all(urls.map((url) => reach(placeOf(url))));
  const away = urls.flatMap((url, at) => (reasons[at] === undefined ? [] : [`${url} (${reasons[at]})`]));
  if (away.length === 0) return;
  throw new Fault(`the queue cannot be reached: ${away.join(", ")}`, {
    hint: "start what answers there, or give another --queue-url or --endpoint-url",
  });
}

function originOf(url: string): readonly string[] {
  return URL.canParse(url) ? [new URL(url).origin] : [];
}

/** A name without a dot is one of this machine or of a network of containers, never one of AWS. */
function isOfThisMachine(origin: string): boolean {
  const { hostname } = new URL(origin);
  return /^127\.|^\[::1\]$|^0\.0\.0\.0$|\.localhost$/.test(hostname) || !/[.:]/.test(hostname);
}

function placeOf(origin: string): NetworkPlace {
  const { hostname, port, protocol } = new URL(origin);
  return { host: hostname, port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port) };
}
