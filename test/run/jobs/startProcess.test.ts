import { expect, test } from "vitest";
import { type ProcessRequest, startProcess } from "../../../src/run/jobs/startProcess.ts";

const request = (program: string): ProcessRequest => ({
  command: [process.execPath, "-e", program],
  environment: { ONLY: "this" },
  stdout: "lines",
  stderr: "lines",
});

test("a process has the environment that it is given, and nothing else", async () => {
  const lines: string[] = [];
  const program =
    "console.log(JSON.stringify(process.env)); console.error('two\\nthree'); process.stdout.write('last');";
  const code = await startProcess(request(program), (line) => lines.push(line)).ended;
  expect(code).toBe(0);
  expect(lines.sort()).toEqual(["last", "three", "two", '{"ONLY":"this"}'].sort());
});

test("a signal's end has the exit code that a container has", async () => {
  const started = startProcess(request("setInterval(() => {}, 1000)"), () => {});
  started.kill("SIGKILL");
  expect(await started.ended).toBe(137);
});

test("a process leads a group of its own: Ctrl-C on the terminal does not reach it, and must not reach it twice", async () => {
  const started = startProcess(request("setInterval(() => {}, 1000)"), () => {});
  expect(() => process.kill(-Number(started.pid), 0)).not.toThrow();
  started.kill("SIGKILL");
  await started.ended;
});

test("a character that comes in pieces is one, and a line without end is cut", async () => {
  const lines: string[] = [];
  const program =
    "const e = Buffer.from('ü'); process.stdout.write(e.subarray(0, 1)); setTimeout(() => process.stdout.write(Buffer.concat([e.subarray(1), Buffer.from('\\n' + 'x'.repeat(3000000))])), 50);";
  await startProcess(request(program), (line) => lines.push(line)).ended;
  expect(lines.map((line) => line.slice(0, 3))).toEqual(["ü", "xxx"]);
  expect(lines[1]?.length).toBe(1024 * 1024);
});

test("a program that cannot be started is a fault that names it", async () => {
  const started = startProcess({ ...request(""), command: ["/nowhere/node"] }, () => {});
  await expect(started.ended).rejects.toThrow("cannot start /nowhere/node (ENOENT)");
});
