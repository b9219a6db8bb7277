import { createHash } from "node:crypto";
import { Agent, request as httpRequest } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { StartQueryCommand } from "@aws-sdk/client-cloudtrail";
import { signedRequests, type SignedRequest } from "../bench/signed-requests.ts";
import { askRows, controlClient, makeStoreAndChannel } from "./control-client.ts";
import { createIdentity, startLake, type PlantedFault } from "./lake-process.ts";
import { randomFrom } from "./random-from.ts";

const perRequest = 10;
const accountId = "111122223333";

interface Sent {
  readonly events: readonly { readonly id: string; readonly sha: string }[];
  readonly request: SignedRequest;
  answered: boolean;
}

export interface Verdict {
  readonly rounds: number;
  readonly counted: number;
  /** Of requests unanswered at a kill and not sent again: how far they had come. */
  readonly stages: { readonly beforeCommit: number; readonly afterCommit: number };
  readonly acknowledged: number;
  readonly resent: number;
  readonly problems: readonly string[];
}

/** Kills a lake again and again while it takes events, compacts and answers, and holds it against an oracle that lives here. */
export async function killRounds(options: {
  readonly wanted: number;
  readonly seed: number;
  readonly fault?: PlantedFault;
}): Promise<Verdict> {
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
      const lake = await startLake(data, { fault: options.fault });
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
      await lake.kill(random() < 0.7 ? "group" : "main");
      await Promise.all([...workers, asking]);
      agent.destroy();
      client.destroy();
      const sentNow = new Set(queue);
      for (const one of fresh) if (!one.answered && !sentNow.has(one)) unresolved.push(one);
      for (const one of again) if (!one.answered && !sentNow.has(one)) unresolved.push(one);
      // What never left this process is no evidence of anything.
      for (const one of sentNow) if (!one.answered && fresh.includes(one)) all.splice(all.indexOf(one), 1);
      if (flying > 0) counted++;
    }
    const lake = await startLake(data, { fault: options.fault });
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

function judge(
  all: readonly Sent[],
  rows: readonly (readonly string[])[],
  problems: string[],
): { beforeCommit: number; afterCommit: number } {
  const found = new Map<string, number>();
  const eventIds = new Set<string>();
  for (const [eventId, , text] of rows) {
    if (eventIds.has(eventId!)) problems.push(`eventID ${eventId!} is in two rows`);
    eventIds.add(eventId!);
    const sha = shaOf(text!);
    found.set(sha, (found.get(sha) ?? 0) + 1);
  }
  const issued = new Set<string>();
  const stages = { beforeCommit: 0, afterCommit: 0 };
  for (const one of all) {
    const present = one.events.filter((event) => found.has(event.sha)).length;
    for (const event of one.events) {
      issued.add(event.sha);
      const times = found.get(event.sha) ?? 0;
      if (one.answered && times !== 1) problems.push(`acknowledged ${event.id} is found ${times} times`);
      if (!one.answered && times > 1) problems.push(`unanswered ${event.id} is found ${times} times`);
    }
    if (!one.answered && present > 0 && present < one.events.length)
      problems.push(`a request is there in part: ${present} of ${one.events.length}`);
    if (!one.answered) stages[present > 0 ? "afterCommit" : "beforeCommit"]++;
  }
  for (const sha of found.keys()) if (!issued.has(sha)) problems.push(`a row nobody sent: ${sha}`);
  return stages;
}

const shaOf = (text: string) => createHash("sha256").update(text).digest("hex");

function eventsOf(one: SignedRequest): Sent["events"] {
  const { auditEvents } = JSON.parse(one.body.toString("utf8")) as { auditEvents: { id: string; eventData: string }[] };
  return auditEvents.map(({ id, eventData }) => ({ id, sha: shaOf(eventData) }));
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

async function send(url: string, one: SignedRequest, agent: Agent, problems: string[]): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const sent = httpRequest(
      { hostname, port, method: "POST", path: one.path, headers: one.headers, agent },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", () => resolve(false));
        response.on("close", () => {
          if (!response.complete) return resolve(false);
          const text = Buffer.concat(chunks).toString("utf8");
          if (response.statusCode !== 200 || !text.includes('"failed":[]'))
            problems.push(`${String(response.statusCode)}: ${text.slice(0, 200)}`);
          resolve(response.statusCode === 200);
        });
      },
    );
    sent.on("error", () => resolve(false));
    sent.end(one.body);
  });
}
