import { type BaseImage, baseImage } from "../parts/baseImage.ts";
import { type DockerEngine, dockerEngine } from "../parts/docker.ts";
import { type EmulatorSource, emulatorSource } from "../parts/emulator.ts";
import { type KafkaSource, kafkaSource } from "../parts/kafka.ts";
import { kcat } from "../parts/kcat.ts";
import { isAbsent, type Part, present, reasonsToSkip } from "../parts/part.ts";
import { type Terraform, terraform } from "../parts/terraform.ts";
import { type Terragrunt, terragrunt } from "../parts/terragrunt.ts";

/** All that it takes to deploy what is generated, and to run files through it. */
export interface SystemParts {
  readonly engine: DockerEngine;
  readonly base: BaseImage;
  readonly terraform: Terraform;
  readonly terragrunt: Terragrunt;
  readonly emulator: EmulatorSource;
  readonly kafka: KafkaSource;
  readonly kcat: { readonly path: string };
}

/** The parts, or none and the reasons why: the engine that was started for them has ended then. */
export async function systemParts(): Promise<{ readonly parts?: SystemParts; readonly absent: readonly string[] }> {
  const engine = await dockerEngine();
  const found = {
    "Docker engine": engine,
    "base image": isAbsent(engine) ? noEngine : await baseImage(engine),
    terraform: await terraform(),
    terragrunt: await terragrunt(),
    "AWS emulator": await emulatorSource(),
    Kafka: await kafkaSource(),
    kcat: await kcat(),
  };
  try {
    const absent = reasonsToSkip(found);
    for (const reason of absent) console.warn(`skipped for want of ${reason}`);
    if (absent.length === 0) return { parts: allOf(found), absent };
    if (!isAbsent(engine)) await engine.stop();
    return { absent };
  } catch (error) {
    if (!isAbsent(engine)) await engine.stop();
    throw error;
  }
}

const noEngine: Part<BaseImage> = { absent: "there is no engine to keep it" };

function allOf(found: {
  readonly "Docker engine": Part<DockerEngine>;
  readonly "base image": Part<BaseImage>;
  readonly terraform: Part<Terraform>;
  readonly terragrunt: Part<Terragrunt>;
  readonly "AWS emulator": Part<EmulatorSource>;
  readonly Kafka: Part<KafkaSource>;
  readonly kcat: Part<{ readonly path: string }>;
}): SystemParts {
  return {
    engine: present(found["Docker engine"]),
    base: present(found["base image"]),
    terraform: present(found.terraform),
    terragrunt: present(found.terragrunt),
    emulator: present(found["AWS emulator"]),
    kafka: present(found.Kafka),
    kcat: present(found.kcat),
  };
}
