import RequestQueue from "kafkajs/src/network/requestQueue/index.js";

/**
 * Fixes the timer of kafkajs 2.2.4. Once a connection has sent something, its request queue checks every millisecond,
 * forever, whether a request is pending (the delay that it passes is negative, about which Node 24 also warns: kafkajs
 * issues 1556, 1704, 1751; the fix was never released). A check is only needed while requests are pending: they
 * continue when a response arrives, which kafkajs handles anyway, and when throttling by the broker ends, which needs
 * this timer.
 *
 * kafkajs is pinned exactly, and a test fails when the method no longer exists.
 */
export function fixRequestQueueTimer(): void {
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
