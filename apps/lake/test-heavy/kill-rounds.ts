import { Agent } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { StartQueryCommand } from "@aws-sdk/client-cloudtrail";
import { signedRequests } from "../bench/signed-requests.ts";
import { askRows, controlClient, makeStoreAndChannel } from "./control-client.ts";
import { type Sent, type Stages, eventsOf, judge, send } from "./ingest-oracle.ts";
import { createIdentity, startLake, type PlantedFault } from "./lake-process.ts";
import { randomFrom } from "./random-from.ts";

const perRequest = 10;
const accountId = "111122223333";

export interface Verdict {
  readonly rounds: number;
  readonly counted: number;
  /** Of requests unanswered at a kill and not sent again: how far they had come. */
  readonly stages: Stages;
  readonly acknowledged: number;
  readonly resent: number;
  readonly problems: readonly string[];
}

/** Kills a lake again and again while it takes events, compacts and answers, and holds it against an oracle that lives here. */
export async function killRounds(options: {
  readonly wanted: number;
  readonly seed: number;
  readonly fault?: PlantedFault;
  /** Ingest processes. Of several, one is killed in half of the rounds in place of the lake, which is then stopped in order. */
  readonly workers?: number;
}): Promise<Verdict> {
  const { workers: processes = 1 } = options;
  const args = processes > 1 ? ["--workers", String(processes)] : [];
  const random = randomFrom(options.seed);
  const data = mkdtempSync(join(tmpdir(), "tributary-kill-"));
  const key = createIdentity(data, accountId, "oracle");
  const problems: string[] = [];
  const all: Sent[] = [];
  const unresolved: Sent[] = [];
  const startSeconds = Math.floor(Date.now() / 1000) - 3600;
  let place: { storeId: string; channelArn: string } | undefined;
  let next = 0;
  let counted = 0;
  let rounds = 0;
  let resent = 0;
  try {
    for (; counted < options.wanted && rounds < options.wanted * 3; rounds++) {
      const lake = await startLake(data, { fault: options.fault, args });
      const client = controlClient(lake.url, key);
      place ??= await makeStoreAndChannel(client, "killed");
      const target = { url: lake.url, region: "us-east-1", accountId, channelArn: place.channelArn, ...key };
      const fresh: Sent[] = (await signedRequests(target, 200, perRequest, next, startSeconds)).map((one) => ({
        request: one,
        answered: false,
        events: eventsOf(one),
      }));
      next += 200 * perRequest;
      // Of what the last kill left unanswered, half is sent again, with the same ids and bytes, signed anew for the new address.
      const again = unresolved.splice(0).filter(() => random() < 0.5);
      const first = await resign(again, target, random);
      resent += again.length;
      all.push(...fresh);
      const queue = [...first, ...fresh];
      const agent = new Agent({ keepAlive: true, maxSockets: 8 });
      let inFlight = 0;
      const killed = new AbortController();
      const worker = async () => {
        while (queue.length > 0 && !killed.signal.aborted) {
          const one = queue.shift()!;
          inFlight++;
          one.answered = (await send(lake.url, one.request, agent, problems)) || one.answered;
          inFlight--;
        }
      };
      const workers = Array.from({ length: 8 }, worker);
      const asking =
        random() < 0.5
          ? client
              .send(new StartQueryCommand({ QueryStatement: `SELECT count(*) FROM ${place.storeId}` }))
              .catch(() => undefined)
          : undefined;
      await wait(5 + random() * 400);
      const flying = inFlight;
      killed.abort();
      const workerOnly = processes > 1 && random() < 0.5;
      if (workerOnly) lake.killWorker();
      else await lake.kill(random() < 0.7 ? "group" : "main");
      await Promise.all([...workers, asking]);
      if (workerOnly) await lake.stop();
      agent.destroy();
      client.destroy();
      const sentNow = new Set(queue);
      for (const one of fresh) if (!one.answered && !sentNow.has(one)) unresolved.push(one);
      for (const one of again) if (!one.answered && !sentNow.has(one)) unresolved.push(one);
      // What never left this process is no evidence of anything.
      for (const one of sentNow) if (!one.answered && fresh.includes(one)) all.splice(all.indexOf(one), 1);
      if (flying > 0) counted++;
    }
    const lake = await startLake(data, { fault: options.fault, args });
    const client = controlClient(lake.url, key);
    const rows = await askRows(client, `SELECT eventID, eventData.uid, eventdata_text FROM ${place!.storeId}`);
    const again = await askRows(client, `SELECT count(*) FROM ${place!.storeId}`);
    client.destroy();
    await lake.stop();
    if (Number(again[0]![0]) !== rows.length)
      problems.push(`two queries differ: ${rows.length} rows and ${again[0]![0]!}`);
    const stages = judge(all, rows, problems);
    const acknowledged = all.filter((one) => one.answered).length * perRequest;
    return { rounds, counted, stages, acknowledged, resent, problems };
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** The same bodies signed for a new address, some of them twice, sent side by side. */
async function resign(
  sent: readonly Sent[],
  target: Parameters<typeof signedRequests>[0],
  random: () => number,
): Promise<Sent[]> {
  const result: Sent[] = [];
  for (const one of sent) {
    const [request] = await signedRequests(target, 1, perRequest, numberOf(one), 0, one.request.body);
    const renewed = one as { -readonly [K in keyof Sent]: Sent[K] };
    renewed.request = request!;
    result.push(one);
    if (random() < 0.3) result.push(one);
  }
  return result;
}

const numberOf = (one: Sent) => Number(one.events[0]!.id.slice("bench-".length));
