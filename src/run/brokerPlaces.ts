import type { NetworkPlace } from "./reach.ts";

export interface BrokerPlace {
  readonly text: string;
  /** Undefined when the text is no host:port. */
  readonly place: NetworkPlace | undefined;
}

/** The brokers of a text, comma-separated or a JSON array. */
export function brokerPlaces(brokers: string): readonly BrokerPlace[] {
  return brokers
    .split(/[\s,"[\]]+/)
    .filter((text) => text !== "")
    .map((text) => ({ text, place: placeOf(text) }));
}

/** In the form that the workers take. */
function placeOf(text: string): NetworkPlace | undefined {
  const [, host, digits] = /^([A-Za-z0-9._-]+):([0-9]{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}
