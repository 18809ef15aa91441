import { WorkerFault } from "../../model/fault.ts";

/** `host:port,host:port`, or a JSON array of them in text, as Terraform's jsonencode leaves it. */
export function parseBrokers(text: string): readonly string[] {
  const brokers = (text.trimStart().startsWith("[") ? fromJson(text) : text.split(","))
    .map((broker) => broker.trim())
    .filter((broker) => broker !== "");
  if (brokers.length === 0) throw refused("it does not name a broker");
  for (const broker of brokers) {
    const [, port] = /^[A-Za-z0-9._-]+:([0-9]{1,5})$/.exec(broker) ?? [];
    if (port === undefined || Number(port) < 1 || Number(port) > 65535)
      throw refused(`${JSON.stringify(broker)} is not host:port`);
  }
  return brokers;
}

function fromJson(text: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refused(`it starts like JSON but is not valid JSON (${(error as Error).message})`);
  }
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
    throw refused("it is JSON but not an array of strings");
  }
  return value;
}

function refused(what: string): WorkerFault {
  return new WorkerFault("configuration", `KAFKA_BROKERS: ${what}`, {
    hint: 'Write host:port,host:port or ["host:port","host:port"].',
  });
}
