import type { PlaceholderKind } from "./placeholder.ts";
import type { DocumentName, UnitName } from "./units.ts";

/**
 * Everything that the templates need, with no choice left open. Text in `documents` is in the template language of the
 * documents: placeholders that Terragrunt binds are `${NAME}`, a literal `${` is `$$${`.
 */
export interface Model {
  readonly prefix: string;
  readonly latePrefix: boolean;
  readonly awsProvider: 5 | 6;
  /** The documents by file name without ".json", in the order of writing; including those of units that are left out. */
  readonly documents: Readonly<Record<DocumentName, Readonly<Record<string, unknown>>>>;
  /** The units that are generated. */
  readonly units: Readonly<Partial<Record<UnitName, Wiring>>> & { readonly batch: Wiring };
  readonly terragrunt: {
    readonly root: "emit" | "external" | "none";
    readonly stateBucket: string | undefined;
    /** Undefined: the embedded module. */
    readonly moduleUrl: string | undefined;
    readonly moduleVersion: string;
  };
  readonly region: string;
  /** Who is notified by alarms, and which events are kept. Text as in `documents`, but with no placeholder except PREFIX. */
  readonly notified: {
    readonly emails: readonly string[];
    /** ARNs. */
    readonly actions: readonly string[];
    /** ARN of the key of the topic; empty for none. */
    readonly topicKey: string;
    /** Days that events are kept; 0 keeps them indefinitely. */
    readonly logRetentionDays: number;
    /** ARN of the key of the events' log group; empty for none. */
    readonly logKey: string;
  };
  /** Lines of /etc/ecs/ecs.config, as KEY=value. */
  readonly ecsAgent: readonly string[];
}

/** How the .hcl file of a unit binds the placeholders of its documents. */
export interface Wiring {
  /** The placeholders that the documents use, in the order of the table. */
  readonly supplied: readonly SuppliedPlaceholder[];
  readonly dependencies: readonly Dependency[];
  /** `locals` that the expressions of supplied placeholders name. */
  readonly locals: Readonly<Record<string, unknown>>;
}

/** A list, map or number that Terragrunt binds: written in a document without quotes. */
export class BarePlaceholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A placeholder that the .hcl file of a unit passes to `templatefile`. */
export interface SuppliedPlaceholder {
  readonly name: string;
  readonly kind: PlaceholderKind;
  readonly meaning: string;
  /** Terragrunt expression, already checked to be nothing but a path, a join or a look-up. */
  readonly expression: string;
}

/** A unit that outputs are taken from. */
export interface Dependency {
  readonly name: string;
  /** Folder of the unit, relative to the folder of the unit that depends on it. */
  readonly configPath: string;
  /** Substitutes for its outputs while it is not applied, in the shape that the expressions use. */
  readonly mockOutputs: Readonly<Record<string, unknown>>;
}
