import { type IntegrationReport, stateReport } from "../../src/state/state-report.ts";
import { settled } from "./turns.ts";
import type { World } from "./world.ts";

/** What `tributary status` would say. */
export async function reportsOf({ database }: World): Promise<readonly IntegrationReport[]> {
  const reports = stateReport(database, 0);
  await settled();
  return await reports;
}
