import { SignatureV4 } from "@smithy/signature-v4";
import { eventDataChecksum } from "@tributary/schema";
import { NodeSha256 } from "../test/node-sha256.ts";
import { syntheticEvent } from "./synthetic-event.ts";

export interface SignedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Target {
  readonly url: string;
  readonly region: string;
  readonly channelArn: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Builds `count` requests of `perRequest` events, signed as the JavaScript SDKs do, ids from `first` on, `perSecond` of them in a
 * second of event time; with `bytes` every request has that body instead.
 */
export async function signedRequests(
  target: Target,
  count: number,
  perRequest: number,
  first: number,
  startSeconds: number,
  bytes?: Buffer,
  perSecond = 50,
): Promise<SignedRequest[]> {
  const signer = new SignatureV4({
    service: "cloudtrail-data",
    region: target.region,
    credentials: target,
    sha256: NodeSha256,
    applyChecksum: true,
  });
  const url = new URL(target.url);
  const requests: SignedRequest[] = [];
  for (let index = 0; index < count; index++) {
    const body = bytes ?? bodyOf(target.accountId, first + index * perRequest, perRequest, startSeconds, perSecond);
    const signed = await signer.sign({
      method: "POST",
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: "/PutAuditEvents",
      query: { channelArn: target.channelArn },
      headers: { host: url.host, "content-type": "application/json" },
      body,
    });
    requests.push({
      path: `/PutAuditEvents?channelArn=${encodeURIComponent(target.channelArn)}`,
      headers: { ...signed.headers, "content-length": String(body.length) },
      body,
    });
  }
  return requests;
}

function bodyOf(accountId: string, first: number, count: number, startSeconds: number, perSecond: number): Buffer {
  const auditEvents = Array.from({ length: count }, (_, offset) => {
    const eventData = syntheticEvent(first + offset, { accountId, startSeconds, perSecond });
    return { id: `bench-${first + offset}`, eventData, eventDataChecksum: eventDataChecksum(eventData) };
  });
  return Buffer.from(JSON.stringify({ auditEvents }));
}
