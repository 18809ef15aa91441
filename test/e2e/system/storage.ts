import {
  CreateBucketCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { anyCredentials, type Credentials } from "./signedCall.ts";

/** A bucket of the emulator, as its owner sees it. */
export class Storage {
  readonly bucket: string;
  readonly #endpoint: string;
  #client: S3Client;

  constructor(endpoint: string, bucket: string, credentials: Credentials = anyCredentials) {
    this.bucket = bucket;
    this.#endpoint = endpoint;
    this.#client = clientOf(endpoint, credentials);
  }

  /** From now on. */
  useCredentials(credentials: Credentials): void {
    this.#client.destroy();
    this.#client = clientOf(this.#endpoint, credentials);
  }

  async createBucket(): Promise<void> {
    await this.#client.send(new CreateBucketCommand({ Bucket: this.bucket }));
  }

  async put(key: string, body: Uint8Array | string): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: body }));
  }

  async text(key: string): Promise<string> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    return (await Body?.transformToString()) ?? "";
  }

  async json<Value>(key: string): Promise<Value> {
    return JSON.parse(await this.text(key)) as Value;
  }

  /** Names below a prefix, without it. */
  async list(prefix: string): Promise<string[]> {
    // All of the bucket: the emulator, once it checks signatures, refuses a query with a slash in it.
    const { Contents = [], IsTruncated } = await this.#client.send(new ListObjectsV2Command({ Bucket: this.bucket }));
    if (IsTruncated) throw new Error(`${this.bucket} holds more than one list can tell`);
    const names = Contents.map(({ Key = "" }) => Key).filter((key) => key.startsWith(prefix));
    return names.map((key) => key.slice(prefix.length)).sort();
  }

  /** Keys of uploads in parts that were neither finished nor given up. */
  async unfinishedUploads(): Promise<string[]> {
    const { Uploads = [] } = await this.#client.send(new ListMultipartUploadsCommand({ Bucket: this.bucket }));
    return Uploads.map(({ Key = "" }) => Key);
  }

  close(): void {
    this.#client.destroy();
  }
}

function clientOf(endpoint: string, credentials: Credentials): S3Client {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const identity = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  return new S3Client({ region: "us-east-1", endpoint, forcePathStyle: true, credentials: identity });
}
