export { alertsOf, sendAlerts } from "./alerts.ts";
export { driftOf, tellDrift, trendsOf } from "./drift.ts";
export { writeRecordFiles } from "./files.ts";
export { type Commit, rangesOf, renderHistory } from "./history-page.ts";
export { recordOfHealth, recordOfScenarios } from "./of-runs.ts";
export type { RunRecord } from "./record.ts";
export { openStore, type RecordStore } from "./store.ts";
export { renderRecordTerminal } from "./terminal.ts";
export { recordHeadline } from "./words.ts";
