import type { Condition } from "./contract.ts";

/** A condition of the contract as a clause. */
export function inWords(condition: Condition): string {
  const clauses = Object.entries(condition).map(([name, values]) => {
    if (name !== "location") return `${name} is ${values.join(" or ")}`;
    return values.includes("key") ? "a location is a key, neither s3:// nor a file" : "a location is in S3";
  });
  return clauses.join(" and ");
}
