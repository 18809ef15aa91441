import { Fault } from "../model/problem.ts";
import { brokerPlaces } from "./brokerPlaces.ts";
import { reach } from "./reach.ts";

/**
 * Throws a Fault when no broker can be reached: the workers would try for minutes, since on AWS a broker that is away comes
 * back. `brokers` is comma-separated or a JSON array in text.
 */
export async function reachBrokers(brokers: string): Promise<void> {
  const places = brokerPlaces(brokers);
  const reasons = await Promise.all(
    places.map(({ place }) => (place === undefined ? "expected host:port" : reach(place))),
  );
  if (reasons.includes(undefined)) return;
  throw new Fault(`no broker can be reached: ${places.map(({ text }, at) => `${text} (${reasons[at]})`).join(", ")}`, {
    hint: "start the brokers, or give others with --brokers host:port,...",
  });
}
