import { expect, test } from "vitest";
import { execute, type Surroundings } from "../../../src/run/states/execute.ts";
import { StatesError } from "../../../src/run/states/statesError.ts";

type States = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function around(more: Partial<Surroundings> = {}): Surroundings {
  return {
    doTask: async () => ({}),
    readItems: async () => [],
    concurrency: () => 2,
    wait: async () => {},
    throwIfStopped: () => {},
    ...more,
  };
}

function run(States: States, input: unknown, more: Partial<Surroundings> = {}): Promise<unknown> {
  return execute({ StartAt: Object.keys(States)[0], States }, input, "run-1", around(more));
}

test("paths apply in the order of Step Functions: a result goes into the input as it came in", async () => {
  const output = await run(
    {
      Look: {
        Type: "Task",
        Resource: "r",
        InputPath: "$.in",
        Parameters: { "name.$": "$.name", "run.$": "$$.Execution.Name" },
        ResultSelector: { "size.$": "$.Size" },
        ResultPath: "$.found",
        End: true,
      },
    },
    { in: { name: "x" }, kept: 1 },
    { doTask: async (_, parameters) => ({ Size: parameters }) },
  );
  expect(output).toEqual({ in: { name: "x" }, kept: 1, found: { size: { name: "x", run: "run-1" } } });
});

test("Pass makes its output from Parameters or Result, and assigns", async () => {
  const output = await run(
    {
      One: {
        Type: "Pass",
        Parameters: { "a.$": "$.n" },
        ResultPath: "$.one",
        Assign: { "seen.$": "$.a" },
        Next: "Two",
      },
      Two: { Type: "Pass", Parameters: { "one.$": "$.one.a", "seen.$": "$seen" }, Next: "Three" },
      Three: { Type: "Pass", Result: "fixed", ResultPath: "$.three", Next: "End" },
      End: { Type: "Succeed" },
    },
    { n: 5 },
  );
  expect(output).toEqual({ one: 5, seen: 5, three: "fixed" });
});

test("a failure is retried as often as its rule says, and then caught with its error and cause", async () => {
  const waits: number[] = [];
  let calls = 0;
  const output = await run(
    {
      Work: {
        Type: "Task",
        Resource: "r",
        Retry: [{ ErrorEquals: ["TryAgain"], MaxAttempts: 2, IntervalSeconds: 1, BackoffRate: 3 }],
        Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next: "Caught" }],
        End: true,
      },
      Caught: { Type: "Pass", End: true },
    },
    { kept: true },
    {
      doTask: async () => {
        calls += 1;
        throw new StatesError("TryAgain", "later");
      },
      wait: async (seconds) => void waits.push(seconds),
    },
  );
  expect(calls).toBe(3);
  expect(waits).toEqual([1, 3]);
  expect(output).toEqual({ kept: true, failure: { Error: "TryAgain", Cause: "later" } });
});

test("an error that is not a failure of a state passes every Catch", async () => {
  const states = {
    Work: { Type: "Task", Resource: "r", Catch: [{ ErrorEquals: ["States.ALL"], Next: "Work" }], End: true },
  };
  const doTask = async () => {
    throw new Error("told to stop");
  };
  await expect(run(states, {}, { doTask })).rejects.toThrow("told to stop");
});

const deliver = (more: object = {}) => ({
  Map: {
    Type: "Map",
    ItemReader: { Resource: "arn:aws:states:::s3:getObject", Parameters: { "Key.$": "$.key" } },
    ItemSelector: { "id.$": "$$.Map.Item.Value.id", "key.$": "$.key" },
    ItemProcessor: {
      ProcessorConfig: { Mode: "DISTRIBUTED" },
      StartAt: "Do",
      States: { Do: { Type: "Task", Resource: "r", End: true } },
    },
    End: true,
    ...more,
  },
});
const items = [1, 2, 3, 4, 5, 6].map((id) => ({ id }));

test("a Map works on as many items at once as it may, and returns their results in order", async () => {
  let running = 0;
  let most = 0;
  const output = await run(
    deliver(),
    { key: "k" },
    {
      readItems: async () => items,
      doTask: async (_, input) => {
        most = Math.max(most, ++running);
        await new Promise((settle) => setTimeout(settle, (input as { id: number }).id % 2 === 0 ? 1 : 5));
        running -= 1;
        return input;
      },
    },
  );
  expect(most).toBe(2);
  expect(output).toEqual(items.map(({ id }) => ({ id, key: "k" })));
});

test.each([
  [{ MaxConcurrency: 7 }, 7],
  [{}, 0],
])("how many items at once a Map with %j allows is asked of its definition", async (more, allowed) => {
  const asked: number[] = [];
  const concurrency = (number: number) => {
    asked.push(number);
    return 1;
  };
  await run(deliver(more), { key: "k" }, { readItems: async () => items, concurrency });
  expect(asked).toEqual([allowed]);
});

test("failures that are tolerated by their share are counted against the items", async () => {
  const failing = (ids: readonly number[]) => ({
    readItems: async () => items,
    doTask: async (_: string, input: unknown) => {
      if (ids.includes((input as { id: number }).id)) throw new StatesError("DataRefused", "one");
      return {};
    },
  });
  const share = deliver({ ToleratedFailurePercentage: 34 });
  await expect(run(share, { key: "k" }, failing([1, 2]))).resolves.toHaveLength(6);
  await expect(run(share, { key: "k" }, failing([1, 2, 3]))).rejects.toThrow("ExceedToleratedFailureThreshold");
});

test("what a rule of a Choice assigns is kept", async () => {
  const Choices = [{ Variable: "$.n", IsPresent: true, Assign: { "seen.$": "$.n" }, Next: "Show" }];
  const states = {
    Choose: { Type: "Choice", Choices, Default: "Show" },
    Show: { Type: "Pass", Parameters: { "seen.$": "$seen" }, End: true },
  };
  expect(await run(states, { n: 5 })).toEqual({ seen: 5 });
});

test("waits grow to the longest that the rule allows, and to no more than ten seconds", async () => {
  const waits = async (rule: object) => {
    const waited: number[] = [];
    const Retry = [{ ErrorEquals: ["TryAgain"], MaxAttempts: 5, IntervalSeconds: 2, BackoffRate: 2, ...rule }];
    const doTask = async () => {
      throw new StatesError("TryAgain", "later");
    };
    const wait = async (seconds: number) => void waited.push(seconds);
    const states = { Work: { Type: "Task", Resource: "r", Retry, End: true } };
    await expect(run(states, {}, { doTask, wait })).rejects.toThrow("TryAgain");
    return waited;
  };
  expect(await waits({ MaxDelaySeconds: 120 })).toEqual([2, 4, 8, 10, 10]);
  expect(await waits({ MaxDelaySeconds: 3 })).toEqual([2, 3, 3, 3, 3]);
});

test.each([
  ["States.ALL", "States.Timeout", true],
  ["States.ALL", "States.Runtime", false],
  ["States.ALL", "States.DataLimitExceeded", false],
  ["States.DataLimitExceeded", "States.DataLimitExceeded", true],
  ["States.TaskFailed", "DataRefused", true],
  ["States.TaskFailed", "States.Timeout", false],
  ["States.TaskFailed", "States.ItemReaderFailed", false],
])("a Catch of %s and a failure called %s: %s", async (name, error, isCaught) => {
  const states = {
    Work: { Type: "Task", Resource: "r", Catch: [{ ErrorEquals: [name], Next: "Caught" }], End: true },
    Caught: { Type: "Pass", Result: "caught", End: true },
  };
  const doTask = async () => {
    throw new StatesError(error, "why");
  };
  const found = await run(states, {}, { doTask }).catch((failure: StatesError) => failure.error);
  expect(found).toBe(isCaught ? "caught" : error);
});

test("after a failure that is not tolerated nothing new starts, and running work is awaited", async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const running = run(
    deliver(),
    { key: "k" },
    {
      readItems: async () => items,
      doTask: async (_, input) => {
        const { id } = input as { id: number };
        begun.push(id);
        if (id === 1) throw new StatesError("DataRefused", "one");
        await new Promise((settle) => setTimeout(settle, 5));
        ended.push(id);
        return {};
      },
    },
  );
  await expect(running).rejects.toMatchObject({ error: "States.ExceedToleratedFailureThreshold" });
  expect(begun).toEqual([1, 2]);
  expect(ended).toEqual([2]);
});

test("failures that are tolerated do not end a Map", async () => {
  const doTask = async (_: string, input: unknown) => {
    if ((input as { id: number }).id === 1) throw new StatesError("DataRefused", "one");
    return {};
  };
  await expect(
    run(deliver({ ToleratedFailureCount: 1 }), { key: "k" }, { readItems: async () => items, doTask }),
  ).resolves.toHaveLength(6);
});

test("a loop of states that wait for nothing hears that the run is to stop", async () => {
  let isStopped = false;
  setTimeout(() => {
    isStopped = true;
  }, 1);
  const throwIfStopped = () => {
    if (isStopped) throw new Error("told to stop");
  };
  const looping = run(
    { Here: { Type: "Pass", Next: "There" }, There: { Type: "Pass", Next: "Here" } },
    {},
    { throwIfStopped },
  );
  await expect(looping).rejects.toThrow("told to stop");
});

test("a loop ends where AWS would end it, and its states are named", async () => {
  let entered = 0;
  const throwIfStopped = () => {
    entered += 1;
  };
  const states = {
    Begin: { Type: "Pass", Next: "Here" },
    Here: { Type: "Pass", Next: "There" },
    There: { Type: "Choice", Choices: [{ Variable: "$", IsPresent: true, Next: "Here" }] },
  };
  const looping = run(states, {}, { throwIfStopped });
  await expect(looping).rejects.toMatchObject({
    error: "States.Runtime",
    reason: expect.stringMatching(/12,500 states .*25,000 events; they form a loop: (Here, There|There, Here)$/),
  });
  expect(entered).toBe(12_500);
});

test("the loop of a Map's items is that of the whole execution, unless each item is an execution of its own", async () => {
  const items = Array.from({ length: 12_500 }, (_, id) => ({ id }));
  const States = { Do: { Type: "Succeed" } };
  const inline = deliver({ ItemProcessor: { StartAt: "Do", States } });
  const readItems = async () => items;
  await expect(run(inline, { key: "k" }, { readItems })).rejects.toThrow(/25,000 events; the last ones were|Do leads/);
  const ItemProcessor = { ProcessorConfig: { Mode: "DISTRIBUTED" }, StartAt: "Do", States };
  await expect(run(deliver({ ItemProcessor }), { key: "k" }, { readItems })).resolves.toHaveLength(12_500);
});

test("each failure of a task is reported, with the retry that follows", async () => {
  const told: unknown[] = [];
  const failing = run(
    { Work: { Type: "Task", Resource: "r", Retry: [{ ErrorEquals: ["TryAgain"], MaxAttempts: 2 }], End: true } },
    {},
    {
      doTask: async () => {
        throw new StatesError("TryAgain", "later");
      },
      onFailure: ({ error }, again) => told.push([error, again?.number, again?.max]),
    },
  );
  await expect(failing).rejects.toThrow("later");
  expect(told).toEqual([
    ["TryAgain", 1, 2],
    ["TryAgain", 2, 2],
    ["TryAgain", undefined, undefined],
  ]);
});

test("Fail ends with its own words, which may be put together", async () => {
  const failing = run(
    { Fail: { Type: "Fail", Error: "FileRejected", CausePath: "States.Format('{} is bad', $.input)" } },
    { input: "a.csv" },
  );
  await expect(failing).rejects.toMatchObject({ error: "FileRejected", reason: "a.csv is bad" });
});

test.each([
  [{ Odd: { Type: "Guess" } }, /Guess/],
  [{ Odd: { Type: "Pass", QueryLanguage: "JSONata", End: true } }, /JSONata/],
  [{ Odd: { Type: "Pass", Next: "Nowhere" } }, /Nowhere/],
  [{ Odd: { Type: "Choice", Choices: [] } }, /no choice matches/],
])("%j is refused", async (states, message) => {
  await expect(run(states, {})).rejects.toThrow(message);
});
