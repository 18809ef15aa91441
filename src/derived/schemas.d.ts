import type { DocumentTypes } from "./types.ts";

/** Made by "npm run build": the schemas of the config and of every kind of document that it overrides. */
export const schemas: Readonly<Record<keyof DocumentTypes | "config", object>>;
