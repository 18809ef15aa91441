/** The compiled scanner, generated from scanner/assembly by "npm run build:workers". */
export const scannerWasm: Uint8Array<ArrayBuffer>;
