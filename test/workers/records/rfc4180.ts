import type { Dialect } from "../../../workers/model/dialect.ts";

export const rfc4180: Dialect = { delimiter: ",", quote: '"', lineEnd: "lf" };
