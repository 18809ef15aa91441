import type { SqsMessage } from "./sqsMessages.ts";

/** Decides which messages are sent together in the next call. */
export interface CallPlan {
  /** The next messages, within `maxBytes`; empty when there are none, or none until a call in flight has ended. */
  next(maxBytes: number): SqsMessage[];
  /** These are settled; messages that waited for them may be sent. */
  ended(messages: readonly SqsMessage[]): void;
}

/** Maximum messages of a call, by SQS. */
export const maxEntries = 10;

/** Standard queues: in the order of the file, as many as fit. */
export function standardPlan(messages: readonly SqsMessage[]): CallPlan {
  let at = 0;
  return {
    next(maxBytes) {
      const taken = upTo(maxEntries, maxBytes, messages, at);
      at += taken.length;
      return taken;
    },
    ended() {},
  };
}

/**
 * FIFO queues: the messages of a group in order. A call contains only one message of a group with a key: of several,
 * one could fail and a later one be stored. Messages without a key form one group, the chunk; there ten per call matter
 * more (3,000 per second instead of 300), and a failure within a call may change the order of its ten.
 */
export function fifoPlan(messages: readonly SqsMessage[], chunkGroup: string): CallPlan {
  const groups = new Map<string, SqsMessage[]>();
  for (const message of messages) {
    const name = groupOf(message);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [message]);
    else group.push(message);
  }
  for (const group of groups.values()) group.reverse();
  /** Groups with something to send and nothing in flight; those at the end are next. */
  const ready = [...groups.keys()].reverse();
  return {
    next(maxBytes) {
      const taken: SqsMessage[] = [];
      let bytes = 0;
      while (taken.length < maxEntries) {
        const name = ready.at(-1);
        const group = name === undefined ? undefined : groups.get(name);
        if (name === undefined || group === undefined) break;
        const max = name === chunkGroup ? maxEntries - taken.length : 1;
        const before = taken.length;
        for (let message = group.at(-1); message !== undefined && taken.length - before < max; message = group.at(-1)) {
          if (taken.length > 0 && bytes + message.size > maxBytes) break;
          taken.push(message);
          bytes += message.size;
          group.pop();
        }
        if (taken.length === before) break;
        ready.pop();
      }
      return taken;
    },
    ended(ended) {
      for (const name of new Set(ended.map(groupOf))) {
        if ((groups.get(name)?.length ?? 0) > 0) ready.unshift(name);
        else groups.delete(name);
      }
    },
  };
}

function groupOf({ entry }: SqsMessage): string {
  return entry.fifo?.group ?? "";
}

function upTo(count: number, maxBytes: number, messages: readonly SqsMessage[], start: number): SqsMessage[] {
  let bytes = 0;
  let end = start;
  for (; end < messages.length && end - start < count; end++) {
    bytes += messages[end]?.size ?? 0;
    if (bytes > maxBytes && end > start) break;
  }
  return messages.slice(start, end);
}
