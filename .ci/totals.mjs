// Prints the totals of several vitest reports in one line, and each failure by its name. Fails when a report is missing,
// or contains no test or a skipped one.
import { readFileSync } from "node:fs";

const total = { passed: 0, failed: 0, skipped: 0 };
let isWhole = true;
for (const path of process.argv.slice(2)) {
  try {
    const report = JSON.parse(readFileSync(path, "utf8"));
    if (report.numPassedTests === 0) throw new Error("no test passed");
    total.passed += report.numPassedTests;
    total.failed += report.numFailedTests + (report.numFailedTestSuites > 0 && report.numFailedTests === 0 ? 1 : 0);
    total.skipped += report.numPendingTests;
    for (const file of report.testResults ?? []) printFailures(file);
  } catch (error) {
    console.log(`${path}: ${error.message}`);
    isWhole = false;
  }
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
if (!isWhole || total.failed > 0 || total.skipped > 0) process.exitCode = 1;

/** The log above is long, and people look at its end first. */
function printFailures({ name, status, message, assertionResults = [] }) {
  const failed = assertionResults.filter((result) => result.status === "failed");
  for (const { fullName, failureMessages } of failed) {
    console.log(`failed: ${name}: ${fullName}\n${failureMessages.join("\n").slice(0, 4000)}`);
  }
  if (status === "failed" && failed.length === 0) console.log(`failed: ${name}: ${message}`);
}
