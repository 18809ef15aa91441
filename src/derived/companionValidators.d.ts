import type { ErrorObject } from "ajv";

/** Made from schemas/ by "npm run build": the validators of documents that only some modules have. */
interface Validator {
  (value: unknown): boolean;
  errors?: ErrorObject[] | null;
}

export const iamRoles: Validator;
export const securityGroups: Validator;
export const stateMachine: Validator;
