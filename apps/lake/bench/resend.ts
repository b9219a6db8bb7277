import { BenchLake } from "./bench-lake.ts";
import { assertAccepted, connections, eventRate, perRequest, startSeconds } from "./ingest.ts";
import { markdownTable } from "./markdown-table.ts";
import { Writers } from "./run-writers.ts";
import { spreadText } from "./spread.ts";

const ratio = (of: { once: number[]; twice: number[] }): string =>
  spreadText(
    of.twice.map((one, round) => one / of.once[round]!),
    2,
  );

/** Every batch once, and every batch twice; then each event must be there once. Counts at a query's result, so both are compacted. */
export async function resend({
  runs,
  requests,
}: {
  readonly runs: number;
  readonly requests: number;
}): Promise<string> {
  const rates: { once: number[]; twice: number[] } = { once: [], twice: [] };
  const counted: { once: number[]; twice: number[] } = { once: [], twice: [] };
  let last = "";
  for (let round = 0; round < runs; round++) {
    const order = ["once", "twice"] as const;
    for (const name of round % 2 === 0 ? order : order.toReversed()) {
      const lake = new BenchLake();
      try {
        await lake.start();
        const { storeId, channelArn } = await lake.newStore("resend");
        const twice = name === "twice";
        // The same number of requests on the wire.
        const each = requests / (twice ? 4 : 2);
        const task = {
          target: lake.target(channelArn),
          requests: each,
          perRequest,
          startSeconds,
          connections,
          twice,
        };
        const writers = await Writers.ready([0, 1].map((n) => ({ ...task, first: n * each * perRequest })));
        const began = performance.now();
        rates[name].push(eventRate(assertAccepted(await writers.go())));
        const { rows } = await lake.query(`SELECT count(*), count(DISTINCT eventData.uid) FROM ${storeId}`);
        counted[name].push((requests * perRequest) / ((performance.now() - began) / 1000));
        const expected = String(2 * each * perRequest);
        if (rows[0]?.[0] !== expected || rows[0][1] !== expected)
          throw new Error(`${expected} events were put ${name}, and the lake counts ${JSON.stringify(rows)}`);
        if (twice)
          last = `${expected} events were put twice each; count(*) and count(DISTINCT uid) are both ${expected}.`;
      } finally {
        await lake.remove();
      }
    }
  }
  const table = markdownTable([
    ["", "every batch once, events/s on the wire", "every batch twice", "twice / once"],
    ["acknowledged", spreadText(rates.once), spreadText(rates.twice), ratio(rates)],
    ["to the count in SQL", spreadText(counted.once), spreadText(counted.twice), ratio(counted)],
  ]);
  return `${runs} rounds, 2 writers, ${requests} requests of ${perRequest} events. ${last}\n\n${table}`;
}
