import workerContract from "../../schemas/worker-contract.json" with { type: "json" };
import { brokerPlaces } from "./reach.ts";

/** A setting of a run: the user's name for it, the variable of the workers that it sets, and its text. */
export interface GivenSetting {
  readonly called: string;
  readonly variable: string;
  readonly text: string;
}

/** The settings that the workers would reject, as sentences, before anything is started. */
export function settingProblems(given: readonly GivenSetting[]): readonly string[] {
  return given.flatMap(({ called, variable, text }) => {
    const expected = expectation(variable, text);
    return expected === undefined ? [] : [`${called} is ${JSON.stringify(text)}; expected ${expected}`];
  });
}

/** The expected form of the text; undefined when it is right. */
function expectation(variable: string, text: string): string | undefined {
  if (variable === "MAX_INVALID") return isShare(text) ? undefined : "a count such as 1000, or from 0% to 100%";
  if (variable === "AWS_ENDPOINT_URL") return isHttpUrl(text) ? undefined : "a URL such as http://localhost:4566";
  if (variable === "KAFKA_BROKERS") {
    const places = brokerPlaces(text);
    const isRight = places.length > 0 && places.every(({ place }) => place !== undefined);
    return isRight ? undefined : "host:port,host:port with ports from 1 to 65535";
  }
  const row = settings.find((setting) => setting.variable === variable);
  if (row?.pattern === undefined) return undefined;
  const isRight = new RegExp(row.pattern).test(text) && (variable !== "SQS_CORE_QUEUE" || isHttpUrl(text));
  return isRight ? undefined : (row.expected ?? `text matching ${row.pattern}`);
}

interface Row {
  readonly variable: string;
  readonly pattern?: string;
  readonly expected?: string;
}

const settings: readonly Row[] = [
  ...workerContract.workers.flatMap((worker): readonly Row[] => [...worker.arguments, ...worker.environment]),
  ...workerContract.shared.arguments,
  ...workerContract.shared.environment,
];

/** A count, or a percentage of at most 100. */
function isShare(text: string): boolean {
  const percent = /^([0-9]{1,3}(?:\.[0-9]{1,6})?)%$/.exec(text)?.[1];
  if (percent !== undefined) return Number(percent) <= 100;
  return /^[0-9]{1,16}$/.test(text) && Number(text) <= Number.MAX_SAFE_INTEGER;
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:\/\/[^\s]+$/.test(text);
}
