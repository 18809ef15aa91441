/** A file of orders, and what is known of each of its records without any of the code that is tested. */
export interface Orders {
  readonly csv: Buffer;
  readonly records: number;
  /** Message of each valid record by its index in the file, as the text that is expected. */
  readonly valid: ReadonlyMap<number, ExpectedMessage>;
  readonly rejected: readonly ExpectedReject[];
}

export interface ExpectedMessage {
  readonly key: string;
  readonly value: string;
}

/** As rejects.csv counts: records and lines from 1, bytes from 0. */
export interface ExpectedReject {
  readonly record: number;
  readonly line: number;
  readonly byte: number;
}

export const ordersSchema = {
  type: "object",
  required: ["id", "customer", "amount"],
  properties: {
    id: { type: "integer", minimum: 0 },
    customer: { type: "string", minLength: 1 },
    amount: { type: "number" },
    serial: { type: "integer" },
    active: { type: "boolean" },
    note: { type: "string" },
  },
};

/** The id of a record is its index in the file. About one in ninety is wrong, each in one of several ways. */
export function ordersOf(records: number): Orders {
  const valid = new Map<number, ExpectedMessage>();
  const rejected: ExpectedReject[] = [];
  const lines = ["id,customer,amount,serial,active,note\n"];
  let byte = Buffer.byteLength(lines[0] as string);
  let line = 2;
  for (let id = 0; id < records; id++) {
    const order = orderOf(id);
    const isWrong = id % 89 === 7;
    const text = isWrong ? wrong(order, Math.floor(id / 89)) : right(order);
    if (isWrong) rejected.push({ record: id + 1, line, byte });
    else valid.set(id, { key: order.customer, value: messageOf(order) });
    lines.push(text);
    byte += Buffer.byteLength(text);
    line += text.split("\n").length - 1;
  }
  return { csv: Buffer.from(lines.join("")), records, valid, rejected };
}

interface Order {
  readonly id: number;
  readonly customer: string;
  readonly amount: string;
  readonly serial: string;
  readonly active: string;
  readonly note: string;
}

/** Numbers that a reader who makes doubles of them would change. */
const amounts = ["12.50", "0.10", "-3", "1e3", "123456789012345678901234567890.123456789", "0.1000000000000000055511"];

function orderOf(id: number): Order {
  const filler = "goods ".repeat(10);
  const notes = [
    `${filler}${id}`,
    `first line ${id}\r\nsecond, "quoted" line`,
    `said "yes" and "no" ${id}`,
    `comma, comma ${filler}`,
    "",
    `Grüße 🚚 \u2028 ${filler}`,
    `\\ back\tslash ${id}\nnext`,
  ];
  return {
    id,
    customer: `customer ${id % 997}`,
    amount: amounts[id % amounts.length] as string,
    serial: `90071992547409${String(93 + (id % 7)).padStart(4, "0")}`,
    active: ["true", "false", ""][id % 3] as string,
    note: notes[id % notes.length] as string,
  };
}

function right({ id, customer, amount, serial, active, note }: Order): string {
  const field = /[",\r\n]/.test(note) ? `"${note.replaceAll('"', '""')}"` : note;
  return `${id},${customer},${amount},${serial},${active},${field}${id % 5 === 0 ? "\r\n" : "\n"}`;
}

function wrong({ id, customer, amount, serial, active }: Order, way: number): string {
  const ways = [
    `${id},${customer},many,${serial},${active},"two\nlines"\n`,
    `${id},${customer},${amount},${serial},maybe,\n`,
    `${id},${customer},${amount},${serial},${active},one,two\n`,
    `${id},${customer},${amount}\n`,
    `${id},${customer},${amount},${serial},${active},stray " quote\n`,
    `${id},,${amount},${serial},${active},nobody\n`,
    `${id},${customer},${amount},1.5,${active},"after" the quote\n`,
  ];
  return ways[way % ways.length] as string;
}

/** An empty field is a missing value. Numbers stand as they do in the file. */
function messageOf({ id, customer, amount, serial, active, note }: Order): string {
  const members = [`"id":${id}`, `"customer":${JSON.stringify(customer)}`, `"amount":${amount}`, `"serial":${serial}`];
  if (active !== "") members.push(`"active":${active}`);
  if (note !== "") members.push(`"note":${JSON.stringify(note)}`);
  return `{${members.join(",")}}`;
}
