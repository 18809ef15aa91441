import type { Documents, Making } from "../making.ts";
import { defaultAlarms } from "./alarms.ts";
import { defaultDashboard } from "./dashboard.ts";
import { defaultEventRules } from "./eventRules.ts";
import { monitoredParts } from "./monitored.ts";

type Before = Documents<"batch" | "lambda">;

/** Event rules count what has no metric, alarms watch metrics and rules, and the dashboard shows all of them. */
export function monitoring({ config, before, document }: Making<Before>): Documents<"monitoring"> {
  const rules = document("event-rules", defaultEventRules());
  const parts = monitoredParts(before, rules);
  const alarms = document("alarms", defaultAlarms(config, parts));
  const dashboard = document("dashboard", defaultDashboard(config, before, parts, alarms));
  return { alarms, dashboard, "event-rules": rules };
}
