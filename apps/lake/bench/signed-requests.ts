import { hash } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { eventDataChecksum } from "@tributary/schema";
import { NodeSha256 } from "../test/node-sha256.ts";

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

/** An event of about 1.3 kB of JSON, distinct in id, time and address for each `n`. */
export function benchEvent(n: number, accountId: string, startSeconds: number): string {
  const id = hash("sha256", `bench ${n}`, "hex");
  return JSON.stringify({
    version: "0",
    userIdentity: {
      type: "User",
      principalId: `00u${id.slice(0, 17)}`,
      details: {
        alternateId: `user${n % 500}@example.com`,
        displayName: `User ${n % 500}`,
        sessionId: id.slice(20, 45),
      },
    },
    userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    eventSource: "okta.system-log-events",
    eventName: ["user.session.start", "user.authentication.sso", "policy.evaluate_sign_on", "user.mfa.factor.update"][
      n % 4
    ],
    eventTime: `${new Date((startSeconds + Math.floor(n / 50)) * 1000).toISOString().slice(0, 19)}Z`,
    UID: id,
    requestParameters: {
      target: [{ id: id.slice(0, 20), type: "AppInstance", alternateId: "Example App", displayName: "Example App" }],
      transaction: { type: "WEB", id: id.slice(30, 57), detail: {} },
      requestUri: "/api/v1/authn",
      requestId: id.slice(40),
    },
    responseElements: {
      outcome: { result: n % 9 === 0 ? "FAILURE" : "SUCCESS", reason: null },
      displayMessage: "User login to Example",
      severity: "INFO",
    },
    sourceIPAddress: `198.51.100.${n % 250}`,
    recipientAccountId: accountId,
    additionalEventData: {
      client: {
        geographicalContext: {
          city: "Example City",
          country: "Exampleland",
          geolocation: { lat: 47.1 + (n % 100) / 100, lon: 8.5 },
        },
        device: "Computer",
        zone: "null",
      },
      securityContext: {
        asNumber: 64496,
        asOrg: "example org",
        isp: "example isp",
        domain: "example.com",
        isProxy: false,
      },
      authenticationContext: {
        authenticationProvider: null,
        credentialType: null,
        externalSessionId: id.slice(3, 28),
        authenticationStep: 0,
      },
    },
  });
}

/**
 * Builds `count` requests of `perRequest` events, signed as the JavaScript SDKs do, ids from `first` on; with `bytes` every
 * request has that body instead.
 */
export async function signedRequests(
  target: Target,
  count: number,
  perRequest: number,
  first: number,
  startSeconds: number,
  bytes?: Buffer,
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
    const auditEvents = Array.from({ length: perRequest }, (_, offset) => {
      const n = first + index * perRequest + offset;
      const eventData = benchEvent(n, target.accountId, startSeconds);
      return { id: `bench-${n}`, eventData, eventDataChecksum: eventDataChecksum(eventData) };
    });
    const body = bytes ?? Buffer.from(JSON.stringify({ auditEvents }));
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
