import { readStateFile } from "../../src/state/sqlite-state.ts";
import { stateReport } from "../../src/state/state-report.ts";
import type { Scene } from "./scene.ts";

/** Records in a scene's state, however they ended. */
export async function storedRecords(place: Scene): Promise<number> {
  const database = readStateFile(place.statePath);
  const reports = await stateReport(database);
  await database.close();
  return reports.reduce((sum, { counts, unmapped }) => sum + counts.read + unmapped, 0);
}
