import type { ErrorCount, ErrorSample, Report } from "../../../workers/model/report.ts";

/** The kinds of errors of an orders file, each with values of which one is found wherever it occurs. */
const kinds: readonly (ErrorCount & { readonly field: number | null; readonly found: readonly (string | null)[] })[] = [
  {
    column: "amount",
    rule: "type",
    expected: "a number",
    count: 512,
    field: 5,
    found: ["12,50", "1.299,00", "n/a", " 89.90", "-"],
  },
  {
    column: "ordered_at",
    rule: "format",
    expected: "a date and time such as 2026-03-01T12:30:00Z",
    count: 384,
    field: 2,
    found: ["01.03.2026 12:30", "2026-13-04T09:12:44Z", "2026-03-01"],
  },
  {
    column: "country",
    rule: "enum",
    expected: "one of AT, BE, CH, DE, FR, IT, NL",
    count: 201,
    field: 4,
    found: ["Germany", "de", "UK", "NL\u00A0", "XX"],
  },
  {
    column: "order_id",
    rule: "unique",
    expected: "a value that no earlier record has",
    count: 64,
    field: 1,
    found: ["A-0048213"],
  },
  { column: "customer_email", rule: "format", expected: "an e-mail address", count: 58, field: 6, found: [null] },
  {
    column: "quantity",
    rule: "minimum",
    expected: "an integer of at least 1",
    count: 39,
    field: 7,
    found: ["0", "-1"],
  },
  {
    column: null,
    rule: "field-count",
    expected: "8 fields",
    count: 24,
    field: null,
    found: [
      "A-0311907,2026-03-04T08:15:30Z,shipped,DE,19.90,Ring road 4",
      `A-0419220,2026-03-04T11:02:10Z,open,FR,7.00,"Left at the back door;\r\n\tplease ring twice, then ask for the key at number 12 and tell them that the parcel for the second floor needs to be carried up before noon, the lift is bro…`,
    ],
  },
  {
    column: "note",
    rule: "maxLength",
    expected: "at most 120 characters",
    count: 3,
    field: 8,
    found: ["Left at the back door"],
  },
];

/** The n-th error: kinds in turn, rare ones less often, at places that move on through the file. */
function sample(position: number): ErrorSample {
  const turn = [0, 1, 0, 2, 6, 1, 0, 3, 2, 4, 0, 5][position % 12] as number;
  const { count: _, found, ...kind } = kinds[turn] as (typeof kinds)[number];
  const record = 17 + position * 811 + (position % 7) * 13;
  return {
    ...kind,
    record,
    line: record + 1 + Math.floor(position / 9),
    byte: 118 + record * 96,
    found: found[position % found.length] ?? null,
  };
}

/** What a file of 1,000,000 orders gives of which 1,234 are wrong. */
export const sampleReport: Report = {
  format: "gen-batch-config/report/1",
  verdict: "rejected",
  reason: "1,234 of 1,000,000 records are invalid; the maximum is 1,000.",
  source: {
    uri: "s3://gss-dev-batch-input/incoming/2026-03-04/orders-2026-03-04.csv.gz",
    size: 24_318_877,
    etag: '"9b2cf535f27731c974343645a3985328-3"',
  },
  schema: "s3://gss-dev-batch-input/schemas/orders.schema.json",
  compression: "gzip",
  encoding: "utf-8",
  dialect: { delimiter: ",", quote: '"', lineEnd: "lf" },
  columns: [
    { name: "order_id", type: "string" },
    { name: "ordered_at", type: "string" },
    { name: "status", type: "string" },
    { name: "country", type: "string" },
    { name: "amount", type: "number" },
    { name: "customer_email", type: "string" },
    { name: "quantity", type: "integer" },
    { name: "note", type: "string" },
  ],
  counts: { records: 1_000_000, valid: 998_766, rejected: 1234, lines: 1_002_817, bytes: 96_402_331 },
  maxInvalid: "1000",
  errors: 1285,
  byRule: kinds.map(({ column, rule, expected, count }) => ({ column, rule, expected, count })),
  samples: Array.from({ length: 100 }, (_, position) => sample(position)),
  samplesCut: true,
  rejects: "rejects.csv",
};

/** A small file without a mistake. */
export const acceptedReport: Report = {
  ...sampleReport,
  verdict: "accepted",
  reason: null,
  source: { uri: "file:///data/two.csv", size: 31, etag: '"1f"' },
  schema: null,
  compression: "none",
  columns: [{ name: "id", type: "string" }],
  counts: { records: 2, valid: 2, rejected: 0, lines: 3, bytes: 31 },
  maxInvalid: "0",
  errors: 0,
  byRule: [],
  samples: [],
  samplesCut: false,
  rejects: null,
};

/** The sample with the same text wherever a file or its sender can put one. */
export function reportWith(text: string): Report {
  const place = { column: text, rule: text, expected: text };
  return {
    ...sampleReport,
    reason: text,
    source: { uri: text, size: 12, etag: text },
    schema: text,
    encoding: text,
    dialect: { delimiter: text, quote: text, lineEnd: "lf" },
    columns: [{ name: text, type: text }],
    maxInvalid: text,
    byRule: [{ ...place, count: 2 }],
    samples: [
      { ...place, record: 1, line: 2, byte: 10, field: 1, found: text },
      { ...place, column: null, record: 1, line: 2, byte: 10, field: null, found: text },
    ],
    rejects: text,
  };
}
