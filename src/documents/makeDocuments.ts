import type { Config } from "../derived/types.ts";
import { isObject } from "../model/json.ts";
import { configKey, type DocumentName, type UnitName } from "../model/units.ts";
import { batch } from "./batch/batch.ts";
import { iamRoles } from "./iam-roles/iamRoles.ts";
import { lambda } from "./lambda/lambda.ts";
import type { Data, Documents, Making } from "./making.ts";
import { mergeOverride } from "./merge.ts";
import { monitoring } from "./monitoring/monitoring.ts";
import { securityGroups } from "./security-groups/securityGroups.ts";
import { stepFunction } from "./step-function/stepFunction.ts";

/**
 * The documents of a config. A unit reads those of the units that were added before it, as the user has changed them; it
 * does not compile before the units that it reads are added.
 */
export function makeDocuments(config: Config): Documents<UnitName> {
  const { documents } = new Fold(config, {})
    .add(batch)
    .add(lambda)
    .add(stepFunction)
    .add(securityGroups)
    .add(iamRoles)
    .add(monitoring);
  return documents;
}

/** Documents that are made unit by unit: each is passed those made so far. */
export class Fold<Made extends object> {
  readonly documents: Made;
  readonly #config: Config;

  constructor(config: Config, documents: Made) {
    this.#config = config;
    this.documents = documents;
  }

  add<Own extends object>(unit: (making: Making<Made>) => Own): Fold<Made & Own> {
    const overrides: Data = { ...this.#config };
    const said = (name: DocumentName): Data => {
      const override = overrides[configKey(name)];
      return isObject(override) ? override : {};
    };
    const document = (name: DocumentName, byDefault: Data) => mergeOverride(byDefault, said(name)) as Data;
    const own = unit({ config: this.#config, before: this.documents, said, document });
    return new Fold(this.#config, { ...this.documents, ...own });
  }
}
