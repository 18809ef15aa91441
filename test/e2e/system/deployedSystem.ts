import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunTerragrunt, terragruntRunner } from "../live.ts";
import { type Emulator, startEmulator } from "../parts/emulator.ts";
import { type KafkaBroker, startKafka } from "../parts/kafka.ts";
import { applyGenerated } from "./applyGenerated.ts";
import { buildDeployedImages, removeDeployedImages } from "./deployedImages.ts";
import { functionPackage } from "./functionPackage.ts";
import { Storage } from "./storage.ts";
import type { SystemParts } from "./systemParts.ts";

export const prefix = "gss-dev";
export const dataBucket = `${prefix}-batch-data`;
export const functionPackageKey = "batch-processing/batch_processor-0.1.0.zip";

/** What is generated from a config and applied to the emulator, with images, a function and a broker that really run. */
export class DeployedSystem {
  readonly emulator: Emulator;
  readonly broker: KafkaBroker;
  readonly storage: Storage;
  readonly terragrunt: RunTerragrunt;
  readonly #parts: SystemParts;
  readonly #scratch: string;

  private constructor(parts: SystemParts, scratch: string, emulator: Emulator, broker: KafkaBroker) {
    this.#parts = parts;
    this.#scratch = scratch;
    this.emulator = emulator;
    this.broker = broker;
    this.storage = new Storage(emulator.url, dataBucket);
    this.terragrunt = terragruntRunner({ ...parts, emulator });
  }

  /** Starts the services and puts in place what has to be there before anything is applied. */
  static async start(parts: SystemParts): Promise<DeployedSystem> {
    const scratch = mkdtempSync(join(tmpdir(), "gen-batch-config-system-e2e-"));
    const [emulator, broker] = await Promise.all([
      startEmulator(parts.emulator, parts.engine.env),
      startKafka(parts.kafka),
    ]);
    const system = new DeployedSystem(parts, scratch, emulator, broker);
    try {
      await emulator.reset();
      await buildDeployedImages(parts.engine, parts.base, join(scratch, "images"));
      await system.storage.createBucket();
      await system.storage.put(functionPackageKey, await functionPackage(join(scratch, "function")));
      return system;
    } catch (error) {
      await system.stop();
      throw error;
    }
  }

  /** Generates from a config in YAML, and applies all of it. */
  async deploy(config: string): Promise<void> {
    await applyGenerated({ terragrunt: this.terragrunt, scratch: this.#scratch, config });
  }

  async stop(): Promise<void> {
    this.storage.close();
    await Promise.all([this.emulator.stop(), this.broker.stop()]);
    await removeDeployedImages(this.#parts.engine);
    await this.#parts.engine.stop();
    rmSync(this.#scratch, { recursive: true, force: true });
  }
}
