// The parts of kafkajs 2.2.4 that kafkajsCluster.ts and requestQueueTimer.ts reach into. They have no types of their
// own.

declare module "kafkajs/src/cluster/index.js" {
  import type { SASLOptions } from "kafkajs";

  export interface KafkajsBroker {
    readonly connectionPool: {
      send(protocolRequest: { readonly request: object; readonly response: object }): Promise<unknown>;
    };
    disconnect(): Promise<void>;
  }

  export default class Cluster {
    constructor(options: {
      readonly logger: object;
      readonly socketFactory: object;
      readonly brokers: readonly string[];
      readonly ssl: boolean;
      readonly sasl: SASLOptions | undefined;
      readonly clientId: string;
      readonly connectionTimeout: number;
      readonly authenticationTimeout: number;
      readonly requestTimeout: number;
      readonly enforceRequestTimeout: boolean;
      readonly metadataMaxAge: number;
      readonly allowAutoTopicCreation: boolean;
      readonly retry: { readonly retries: number };
    });
    isConnected(): boolean;
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    addTargetTopic(topic: string): Promise<void>;
    refreshMetadata(): Promise<void>;
    refreshMetadataIfNecessary(): Promise<void>;
    findBroker(options: { readonly nodeId: number }): Promise<KafkajsBroker>;
    removeBroker(address: { readonly host: string; readonly port: number }): void;
    findTopicPartitionMetadata(topic: string): { readonly partitionId: number; readonly leader: number }[];
  }
}

declare module "kafkajs/src/loggers/index.js" {
  import type { logCreator, logLevel } from "kafkajs";

  const loggers: {
    readonly LEVELS: { readonly WARN: logLevel };
    createLogger(options: { readonly level: logLevel; readonly logCreator: logCreator }): object;
  };
  export default loggers;
}

declare module "kafkajs/src/network/socketFactory.js" {
  export default function createSocketFactory(): object;
}

declare module "kafkajs/src/network/requestQueue/index.js" {
  export default class RequestQueue {
    readonly pending: readonly unknown[];
    readonly throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    scheduleCheckPendingRequests(): void;
    checkPendingRequests(): void;
  }
}

declare module "kafkajs/src/protocol/encoder.js" {
  export default class Encoder {
    constructor(initialSize?: number);
    readonly buffer: Buffer;
    writeInt16(value: number): this;
    writeInt32(value: number): this;
    writeString(value: string | null): this;
    writeBufferInternal(value: Buffer): void;
  }
}

declare module "kafkajs/src/protocol/requests/produce/v7/response.js" {
  const response: {
    decode(bytes: Buffer): Promise<{
      readonly topics: readonly {
        readonly topicName: string;
        readonly partitions: readonly { readonly partition: number; readonly errorCode: number }[];
      }[];
    }>;
  };
  export default response;
}

declare module "kafkajs/src/protocol/error.js" {
  const errors: {
    createErrorFromCode(
      code: number,
    ): Error & { readonly type: string; readonly code: number; readonly retriable: boolean };
  };
  export default errors;
}
