import { createHash } from "node:crypto";
import { type Agent, request as httpRequest } from "node:http";
import type { SignedRequest } from "../bench/signed-requests.ts";

/** A request and what the oracle knows of it. */
export interface Sent {
  readonly events: readonly { readonly id: string; readonly sha: string }[];
  readonly request: SignedRequest;
  answered: boolean;
}

/** How far requests had come that were never answered. */
export interface Stages {
  readonly beforeCommit: number;
  readonly afterCommit: number;
}

/** Holds rows of `eventID, uid, eventdata_text` against what was sent: acknowledged once, unanswered whole or not at all, nothing else. */
export function judge(all: readonly Sent[], rows: readonly (readonly string[])[], problems: string[]): Stages {
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

export function eventsOf(one: SignedRequest): Sent["events"] {
  const { auditEvents } = JSON.parse(one.body.toString("utf8")) as { auditEvents: { id: string; eventData: string }[] };
  return auditEvents.map(({ id, eventData }) => ({ id, sha: shaOf(eventData) }));
}

/**
 * Sends one request; whether it was acknowledged. Anything but 200 without failures is a problem, unless its status is `tolerated`:
 * then it was not acknowledged,
 * as when every event of it is refused.
 */
export async function send(
  url: string,
  one: SignedRequest,
  agent: Agent,
  problems: string[],
  tolerated: readonly number[] = [],
): Promise<boolean> {
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
          // Every event may be refused, each by its id.
          if (
            tolerated.includes(response.statusCode ?? 0) ||
            (tolerated.length > 0 && text.includes('"successful":[]'))
          )
            return resolve(false);
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
