import { hash } from "node:crypto";

export interface EventSeries {
  readonly accountId: string;
  /** Time of event 0, seconds since 1970. */
  readonly startSeconds: number;
  /** Events in one second of event time. */
  readonly perSecond: number;
}

const words = (text: string): readonly string[] => text.split(" ");
const sources = words(
  "okta.system-log-events github.audit-log crowdstrike.falcon netskope.audit cyberark.audit example.app",
);
const objects = words("session user group application policy token role factor device secret");
const actions = words("start end create update delete read");
const agents = Array.from(
  { length: 60 },
  (_, n) =>
    `Mozilla/5.0 (${["X11; Linux x86_64", "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7"][n % 3]}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${120 + (n % 20)}.0.0.0 Safari/537.36`,
);

/** A number below 1 that follows from `n` and a salt. */
function share(n: number, salt: number): number {
  let x = (n ^ Math.imul(salt, 0x9e3779b1)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

/** Below `count`, small ones far more often, as users and actions are. */
const skewed = (n: number, salt: number, count: number): number => Math.floor(share(n, salt) ** 3 * count);

const base62 = (hex: string): string => Buffer.from(hex, "hex").toString("base64").replace(/[+/=]/g, "x");

export const userName = (user: number): string => `user${user}@example.com`;

/**
 * Event `n` of a series, about 1.3 kB of JSON: the same for the same `n`. 2000 users, 60 names of events, 6 sources, 6000 addresses,
 * 300 targets, 1 of 25 fails. Unique to each event are its UID, the id of its transaction and that of its request.
 */
export function syntheticEvent(n: number, { accountId, startSeconds, perSecond }: EventSeries): string {
  const id = hash("sha256", `synthetic ${n}`, "hex");
  const user = skewed(n, 1, 2000);
  const seconds = startSeconds + Math.floor(n / perSecond);
  const userId = hash("sha256", `user ${user}`, "hex");
  const source = skewed(n, 2, sources.length);
  const kind = skewed(n, 3, objects.length * actions.length);
  const object = objects[kind % objects.length]!;
  const action = actions[Math.floor(kind / objects.length)]!;
  const target = skewed(n, 4, 300);
  const place = user % 200;
  const failed = share(n, 5) < 0.04;
  return JSON.stringify({
    version: "0",
    userIdentity: {
      type: "User",
      principalId: `00u${base62(userId.slice(0, 24))}`,
      details: {
        alternateId: userName(user),
        displayName: `User ${user}`,
        // One a working day.
        sessionId: `102${base62(hash("sha256", `${user} ${Math.floor(seconds / 28_800)}`, "hex").slice(0, 30))}`,
      },
    },
    userAgent: agents[user % agents.length],
    eventSource: sources[source],
    eventName: `${object}.${action}`,
    eventTime: `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`,
    UID: `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20, 32)}`,
    requestParameters: {
      target: [
        {
          id: `0oa${1000 + target}AbCdEfGhIj5d7`,
          type: "AppInstance",
          alternateId: `app-${target}`,
          displayName: `Application ${target}`,
        },
      ],
      transaction: { type: "WEB", id: base62(id.slice(0, 40)), detail: {} },
      requestUri: `/api/v1/${object}s/${action}`,
      requestId: id.slice(40, 56),
    },
    responseElements: {
      outcome: failed ? { result: "FAILURE", reason: "INVALID_CREDENTIALS" } : { result: "SUCCESS", reason: null },
      displayMessage: `${action} of a ${object}`,
      severity: failed ? "WARN" : "INFO",
    },
    ...(failed && { errorCode: "AccessDenied", errorMessage: `user ${user} may not ${action} this ${object}` }),
    sourceIPAddress: `2001:db8:${(user % 997).toString(16)}::${(user * 3 + (n % 3)).toString(16)}`,
    recipientAccountId: accountId,
    additionalEventData: {
      client: {
        geographicalContext: {
          city: `City ${place}`,
          country: `Country ${place % 40}`,
          geolocation: { lat: 40 + place / 10, lon: 8.5 + place / 20 },
        },
        device: user % 4 === 0 ? "Mobile" : "Computer",
      },
      securityContext: {
        asNumber: 64_496 + (place % 15),
        asOrg: `example org ${place % 15}`,
        isp: `example isp ${place % 15}`,
        domain: "example.com",
        isProxy: share(n, 6) < 0.01,
      },
      authenticationContext: {
        authenticationProvider: "FACTOR_PROVIDER",
        credentialType: "OTP",
        issuer: null,
        authenticationStep: 0,
      },
    },
  });
}
