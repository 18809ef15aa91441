import { expect, test } from "vitest";
import { parseBrokers } from "../../../../workers/sinks/kafka/brokers.ts";

test.each([
  ["b-1.kafka.eu-west-1.amazonaws.com:9098", ["b-1.kafka.eu-west-1.amazonaws.com:9098"]],
  [" a:1, b:65535 ,", ["a:1", "b:65535"]],
  ['["a:9092","b:9092"]', ["a:9092", "b:9092"]],
  [' [ "a:9092" ]\n', ["a:9092"]],
])("%j names %j", (text, brokers) => {
  expect(parseBrokers(text)).toEqual(brokers);
});

test.each([
  ["", "it does not name a broker"],
  ["[]", "it does not name a broker"],
  ["a", '"a" is not host:port'],
  ["a:0", '"a:0" is not host:port'],
  ["a:65536", '"a:65536" is not host:port'],
  ["kafka://a:9092", "is not host:port"],
  ["a:9092 b:9092", "is not host:port"],
  ["[a:9092]", "it starts like JSON but is not valid JSON"],
  ["[9092]", "not an array of strings"],
])("%j is refused, and told what it should be", (text, message) => {
  expect(() => parseBrokers(text)).toThrow(
    expect.objectContaining({ outcome: "configuration", message: expect.stringContaining(message) }),
  );
});
