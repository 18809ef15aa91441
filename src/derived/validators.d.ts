import type { ErrorObject } from "ajv";

/** Made from schemas/ by "npm run build": one compiled ajv validator per schema. */
interface Validator {
  (value: unknown): boolean;
  errors?: ErrorObject[] | null;
}

export const config: Validator;
export const computeEnvironment: Validator;
export const jobQueue: Validator;
export const jobDefinition: Validator;
export const launchTemplate: Validator;
export const logGroups: Validator;
export const iamRoles: Validator;
export const securityGroups: Validator;
export const stateMachine: Validator;
export const stateMachineSettings: Validator;
export const lambdaFunction: Validator;
export const alarms: Validator;
export const dashboard: Validator;
export const eventRules: Validator;
