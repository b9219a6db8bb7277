import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { BenchLake } from "./bench-lake.ts";
import { connections, eventRate, perRequest, startSeconds } from "./ingest.ts";
import { markdownTable } from "./markdown-table.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { percentile, Writers } from "./run-writers.ts";
import { spreadText } from "./spread.ts";

const writers = 2;
/**
 * Events come in at a rate for some seconds, through two writers; a count(*) is started every three. How long it takes from
 * StartQuery to its row, which holds every event acknowledged before, and what memory every process of the lake takes meanwhile.
 */
export async function load({
  seconds,
  rates,
}: {
  readonly seconds: number;
  readonly rates: readonly number[];
}): Promise<string> {
  const answers: string[][] = [
    ["offered, events/s", "acknowledged", "refused", "p99", "StartQuery to the row, s", "not compacted at the end"],
  ];
  let memory = "";
  for (const rate of rates) {
    const watch = existsSync("/proc/self/smaps_rollup") ? new MemoryWatch() : undefined;
    const lake = new BenchLake();
    try {
      await lake.start([], watch?.env);
      const store = await lake.newStore("load");
      const each = Math.ceil((rate * seconds) / perRequest / writers);
      // As much event time as time; the writers' events are of the same seconds.
      const perSecond = rate / writers;
      const series = Array.from({ length: writers }, (_, n) => {
        const first = n * each * perRequest;
        return { first, startSeconds: startSeconds - Math.floor(first / perSecond), perSecond };
      });
      const task = {
        target: lake.target(store.channelArn),
        requests: each,
        perRequest,
        connections,
        rate: rate / perRequest / writers,
        seconds,
      };
      const ready = await Writers.ready(series.map((one) => ({ ...task, ...one })));
      watch?.start(lake.pid);
      let over = false;
      const driven = ready.go().finally(() => (over = true));
      const waits: number[] = [];
      let acknowledged = 0;
      for (let next = performance.now() + 3000; ; next += 3000) {
        await Promise.race([driven, wait(Math.max(0, next - performance.now()))]);
        if (over) break;
        const { ms, rows } = await lake.query(`SELECT count(*) FROM ${store.storeId}`, 50);
        waits.push(ms / 1000);
        const count = Number(rows[0]?.[0]);
        if (!(count >= acknowledged)) throw new Error(`a later query counts ${count}, an earlier one ${acknowledged}`);
        acknowledged = count;
      }
      const drive = await driven;
      watch?.stop();
      const taken = drive.statuses["200"] ?? 0;
      if (drive.refusedEntries > 0) throw new Error(`${drive.refusedEntries} answers have failed entries`);
      const { ms, rows } = await lake.query(`SELECT count(*) FROM ${store.storeId}`, 50);
      if (rows[0]?.[0] !== String(taken * perRequest))
        throw new Error(`${taken * perRequest} events were acknowledged, ${JSON.stringify(rows)} counted`);
      answers.push([
        rate.toLocaleString("en"),
        Math.round(eventRate({ ...drive, requests: taken })).toLocaleString("en"),
        `${((100 * (drive.requests - taken)) / drive.requests).toFixed(1)} %`,
        `${percentile(drive, 0.99).toFixed(0)} ms`,
        waits.length > 0 ? spreadText(waits, 1) : "none ended",
        `${(ms / 1000).toFixed(1)} s of work`,
      ]);
      if (watch !== undefined) {
        const perEvent = (used: number): string => ((used * 1e6) / (taken * perRequest)).toFixed(1);
        const processors = [["writers", drive.cpuSeconds] as const, ...watch.cpuSeconds()];
        memory += `\n\nOf a processor, for each event taken: ${processors.map(([role, used]) => `${role} ${perEvent(used)} µs`).join(", ")}.`;
      }
      if (watch !== undefined)
        memory += `\n\nMemory at ${rate.toLocaleString("en")} events/s offered:\n\n${markdownTable(watch.rows())}`;
    } finally {
      await lake.remove();
      watch?.remove();
    }
  }
  return `${seconds} s for each rate, ${writers} writers; every acknowledged event was counted.\n\n${markdownTable(answers)}${memory}`;
}
