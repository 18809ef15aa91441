import type { Rule } from "../../model/rule.ts";

/** Every rule, in the order in which they are listed and run. */
export const rules: readonly Rule[] = [];
