import type { ByteCheck } from "../model/columnPlan.ts";

/** A supported `format`. */
export interface KnownFormat {
  /** The type of values it applies to. A format of numbers does not apply to text, and vice versa. */
  readonly about: "text" | "number";
  /** To follow "expected". */
  readonly expected: string;
  /** A byte check that only accepts texts of this format. */
  readonly byteForm?: Extract<ByteCheck["kind"], "date" | "time" | "date-time" | "email" | "uuid" | "uri" | "ipv4">;
}

/**
 * What ajv-formats ("full") decides in linear time. Not supported: `url` (its expression takes quadratic time on
 * `http://::::`), `regex` (a text of the file would become an expression), and `password` and `binary`, which check
 * nothing.
 */
export const formats: ReadonlyMap<string, KnownFormat> = new Map<string, KnownFormat>([
  ["date", { about: "text", expected: "a date like 2026-01-31", byteForm: "date" }],
  ["time", { about: "text", expected: "a time with its zone like 23:59:00Z", byteForm: "time" }],
  [
    "date-time",
    { about: "text", expected: "a date and time with its zone like 2026-01-31T23:59:00Z", byteForm: "date-time" },
  ],
  ["iso-time", { about: "text", expected: "a time like 23:59:00", byteForm: "time" }],
  ["iso-date-time", { about: "text", expected: "a date and time like 2026-01-31T23:59:00", byteForm: "date-time" }],
  ["duration", { about: "text", expected: "a duration like P1DT12H" }],
  ["email", { about: "text", expected: "an e-mail address like name@example.com", byteForm: "email" }],
  ["hostname", { about: "text", expected: "a host name like www.example.com" }],
  ["ipv4", { about: "text", expected: "an IPv4 address like 192.0.2.1", byteForm: "ipv4" }],
  ["ipv6", { about: "text", expected: "an IPv6 address like 2001:db8::1" }],
  ["uri", { about: "text", expected: "a URI like https://example.com/path", byteForm: "uri" }],
  ["uri-reference", { about: "text", expected: "a URI or a part of one like /path?query" }],
  ["uri-template", { about: "text", expected: "a URI template like /path/{name}" }],
  ["uuid", { about: "text", expected: "a UUID like 123e4567-e89b-12d3-a456-426614174000", byteForm: "uuid" }],
  ["json-pointer", { about: "text", expected: "a JSON pointer like /a/b" }],
  ["relative-json-pointer", { about: "text", expected: "a relative JSON pointer like 1/a" }],
  ["byte", { about: "text", expected: "text in base64" }],
  ["int32", { about: "number", expected: "an integer from -2147483648 to 2147483647" }],
  ["int64", { about: "number", expected: "an integer" }],
  ["float", { about: "number", expected: "a number" }],
  ["double", { about: "number", expected: "a number" }],
]);
