/** A file of records, and which of them are good: the id of a record is its index in the file. */
export interface RecordFile {
  readonly csv: string;
  readonly records: number;
  readonly good: readonly number[];
  readonly bad: readonly number[];
}

export const recordSchema = {
  type: "object",
  required: ["id", "customer", "amount"],
  properties: {
    id: { type: "integer", minimum: 0 },
    customer: { type: "string", minLength: 1 },
    amount: { type: "number" },
  },
};

/** `isBad` says which records have an amount that is no number. */
export function recordFile(records: number, isBad: (id: number) => boolean = () => false): RecordFile {
  const lines = ["id,customer,amount"];
  const good: number[] = [];
  const bad: number[] = [];
  for (let id = 0; id < records; id++) {
    (isBad(id) ? bad : good).push(id);
    lines.push(`${id},customer ${id % 997},${isBad(id) ? "many" : `${id % 1000}.50`}`);
  }
  return { csv: `${lines.join("\n")}\n`, records, good, bad };
}

/** What a good record is sent as. */
export function messageOf(id: number): string {
  return `{"id":${id},"customer":"customer ${id % 997}","amount":${id % 1000}.50}`;
}
