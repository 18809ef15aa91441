import type { ErrorObject } from "ajv";
import type { DocumentTypes } from "./types.ts";

export interface Validator {
  (value: unknown): boolean;
  errors?: ErrorObject[] | null;
}

/** Made from schemas/ by "npm run build": one compiled ajv validator per schema. */
export const validators: Readonly<Record<keyof DocumentTypes | "config", Validator>>;
