import RequestQueue from "kafkajs/src/network/requestQueue/index.js";

/**
 * Mends the timer of kafkajs 2.2.4. Once a connection has sent something, its queue of requests looks every millisecond
 * whether a request is waiting, for ever (the delay that it asks for is a negative number, of which Node 24 warns besides:
 * kafkajs issues 1556, 1704, 1751; never released). A look is needed only while requests are waiting: those come in when an answer
 * arrives, which kafkajs looks at anyway, and when a throttle by the broker ends, which is what this timer is for.
 *
 * kafkajs is pinned exactly, and a test fails when there is no such method any more.
 */
export function mendRequestQueueTimer(): void {
  RequestQueue.prototype.scheduleCheckPendingRequests = scheduleCheckPendingRequests;
}

function scheduleCheckPendingRequests(this: RequestQueue): void {
  if (this.pending.length === 0 || this.throttleCheckTimeoutId !== null) return;
  const delay = Math.max(this.throttledUntil - Date.now(), pauseMilliseconds);
  this.throttleCheckTimeoutId = setTimeout(() => {
    this.throttleCheckTimeoutId = null;
    this.checkPendingRequests();
  }, delay);
}

const pauseMilliseconds = 10;
