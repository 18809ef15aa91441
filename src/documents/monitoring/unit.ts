import type { UnitDeclaration } from "../../model/unitDeclaration.ts";

/** What watches all the other units; nothing reads its outputs. */
export const monitoring = {
  meaning: "alarms, dashboard, event rules",
  documents: {
    alarms: { kind: "alarms" },
    dashboard: { kind: "dashboard", asText: true },
    "event-rules": { kind: "event-rules" },
  },
  kinds: {
    alarms: { subject: "alarms" },
    dashboard: { subject: "dashboards" },
    "event-rules": { subject: "eventRules" },
  },
} as const satisfies UnitDeclaration;
