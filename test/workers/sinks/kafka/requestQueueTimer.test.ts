import RequestQueue from "kafkajs/src/network/requestQueue/index.js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fixRequestQueueTimer } from "../../../../workers/sinks/kafka/requestQueueTimer.ts";

const original = RequestQueue.prototype.scheduleCheckPendingRequests;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  RequestQueue.prototype.scheduleCheckPendingRequests = original;
});

interface Pushed {
  readonly entry: { readonly correlationId: number };
  readonly expectResponse: boolean;
  readonly sendRequest: () => void;
}

interface Queue extends RequestQueue {
  push(request: Pushed): void;
  fulfillRequest(response: { correlationId: number; payload: Buffer; size: number }): void;
  maybeThrottle(milliseconds: number): void;
}

function queueOf(maxInFlightRequests: number): Queue {
  const logger = { debug: () => {}, warn: () => {} };
  const Constructor = RequestQueue as unknown as new (options: object) => Queue;
  return new Constructor({ maxInFlightRequests, requestTimeout: 1_000, enforceRequestTimeout: false, logger });
}

function requestOf(correlationId: number, sent: number[]): Pushed {
  const entry = { correlationId, resolve: () => {}, reject: () => {} };
  return { entry, expectResponse: true, sendRequest: () => sent.push(correlationId) };
}

test("a queue without waiting requests sets no timer, where kafkajs sets one for ever", () => {
  const answered = () => {
    const queue = queueOf(1);
    queue.push(requestOf(1, []));
    queue.fulfillRequest({ correlationId: 1, payload: Buffer.alloc(0), size: 0 });
    return vi.getTimerCount();
  };
  expect(answered()).toBe(1);
  vi.clearAllTimers();
  fixRequestQueueTimer();
  expect(answered()).toBe(0);
});

test("a request that waits behind others or for the end of a throttle is sent", () => {
  fixRequestQueueTimer();
  const sent: number[] = [];
  const queue = queueOf(1);
  queue.push(requestOf(1, sent));
  queue.push(requestOf(2, sent));
  expect(sent).toEqual([1]);
  queue.fulfillRequest({ correlationId: 1, payload: Buffer.alloc(0), size: 0 });
  expect(sent).toEqual([1, 2]);
  queue.maybeThrottle(500);
  queue.fulfillRequest({ correlationId: 2, payload: Buffer.alloc(0), size: 0 });
  queue.push(requestOf(3, sent));
  vi.advanceTimersByTime(400);
  expect(sent).toEqual([1, 2]);
  vi.advanceTimersByTime(200);
  expect(sent).toEqual([1, 2, 3]);
});
