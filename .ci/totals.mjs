// Prints one line with the totals of several vitest reports. Fails when a report is missing, holds no test or a skipped one.
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
  } catch (error) {
    console.log(`${path}: ${error.message}`);
    isWhole = false;
  }
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
if (!isWhole || total.failed > 0 || total.skipped > 0) process.exitCode = 1;
