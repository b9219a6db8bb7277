import type { Catalog } from "../catalog/catalog.ts";
import type { Clock } from "../clock.ts";
import type { ResultStore } from "./result-store.ts";

export interface AbandonServices {
  readonly catalog: Pick<Catalog, "unsettledQueries" | "moveQuery" | "settleQuery">;
  readonly results: Pick<ResultStore, "delete">;
  readonly clock: Clock;
}

/** Settles the queries of a service that is no more: those that ran fail with the reason, and what they had written is deleted. */
export async function abandonQueries({ catalog, results, clock }: AbandonServices): Promise<void> {
  for (const { queryId, status } of await catalog.unsettledQueries()) {
    await catalog.moveQuery(queryId, ["RUNNING"], {
      status: "FAILED",
      errorMessage: "The lake was stopped while the query ran. Start it again.",
      finishedAt: clock.now(),
    });
    // A timed-out one has its partial result, written whole before it was called so.
    if (status !== "FINISHED" && status !== "TIMED_OUT") await results.delete(queryId);
    await catalog.settleQuery(queryId);
  }
}
