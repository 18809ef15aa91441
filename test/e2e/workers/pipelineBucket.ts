import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Chunk } from "../../../workers/model/manifest.ts";

export const region = "us-east-1";
/** Emulated credentials. */
export const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" } as const;

/** A bucket, past every proxy that a test puts before the service. */
export class Bucket {
  readonly name: string;
  readonly #client: S3Client;

  private constructor(name: string, client: S3Client) {
    this.name = name;
    this.#client = client;
  }

  static async create(endpoint: string, name: string): Promise<Bucket> {
    const client = new S3Client({
      region,
      endpoint,
      forcePathStyle: true,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    await client.send(new CreateBucketCommand({ Bucket: name }));
    return new Bucket(name, client);
  }

  uri(key: string): string {
    return `s3://${this.name}/${key}`;
  }

  /** Gives the ETag. */
  async put(key: string, body: Uint8Array | string): Promise<string> {
    const { ETag = "" } = await this.#client.send(new PutObjectCommand({ Bucket: this.name, Key: key, Body: body }));
    return ETag;
  }

  async get(key: string): Promise<Buffer> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.name, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  async json<Value>(key: string): Promise<Value> {
    return JSON.parse((await this.get(key)).toString()) as Value;
  }

  /** Names below a prefix, without it. */
  async list(prefix: string): Promise<string[]> {
    const { Contents = [] } = await this.#client.send(new ListObjectsV2Command({ Bucket: this.name, Prefix: prefix }));
    return Contents.map(({ Key = "" }) => Key.slice(prefix.length)).sort();
  }

  chunks(output: string): Promise<Chunk[]> {
    return this.json(`${output}chunks.json`);
  }

  /** The checkpoint of a destination, of those beside a manifest. */
  async checkpoint(output: string, destination: string): Promise<Record<string, unknown> | undefined> {
    const names = (await this.list(`${output}checkpoints/`)).filter((name) => name.endsWith(".json"));
    const all = await Promise.all(
      names.map((name) => this.json<Record<string, unknown>>(`${output}checkpoints/${name}`)),
    );
    return all.find((checkpoint) => String(checkpoint.destination).includes(destination));
  }

  close(): void {
    this.#client.destroy();
  }
}

/** What the processor is asked to do, as the state machine asks it. */
export function chunkArguments(manifest: string, { chunkId, startIndex, endIndex }: Chunk): string[] {
  const numbers = ["--start-index", String(startIndex), "--end-index", String(endIndex)];
  return ["--chunk-id", chunkId, ...numbers, "--manifest", manifest, "--checkpoint-seconds", "1"];
}
