/** Made from scanner/assembly by "npm run build:workers": the scanner, compiled. */
export const scannerWasm: Uint8Array<ArrayBuffer>;
