// Builders of vendor records in their documented shapes. All people, hosts and addresses are invented (RFC 5737, example.com).
import { createHash } from "node:crypto";

let seed = 20261109;
/** mulberry32: the same records on every run. */
export function random() {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
export const between = (low, high) => low + Math.floor(random() * (high - low + 1));
export const pick = (list) => list[between(0, list.length - 1)];
const digest = (...parts) => createHash("sha256").update(parts.join("|")).digest("hex");
const id = (prefix, ...parts) => prefix + createHash("sha256").update(parts.join("|")).digest("base64url").replaceAll(/[-_]/g, "x").slice(0, 17);
const uuid = (...parts) => digest(...parts).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-a$4-$5");

const chrome = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
const script = "python-requests/2.32.3";
export const agents = { chrome, script, git: "git/2.47.0", gh: "GitHub CLI 2.63.0" };
const cid = digest("example.com falcon").slice(0, 32);
const counters = { okta: 0, github: 0, crowdstrike: 0 };

/** name, GitHub login, laptop and home address of an employee. */
export const person = (name, team, home) => {
  const login = name.toLowerCase().replace(" ", ".");
  return {
    name,
    team,
    home,
    email: `${login}@example.com`,
    windows: login,
    oktaId: id("00u", name),
    github: login.replace(".", "-"),
    githubId: Number.parseInt(digest(name).slice(0, 7), 16),
    laptop: `EX-${login.split(".")[1].toUpperCase()}-01`,
    agentId: digest("agent", name).slice(0, 32),
  };
};

const places = {
  office: { city: "Zurich", state: "Zurich", country: "Switzerland", postalCode: "8001", geolocation: { lat: 47.37, lon: 8.54 } },
  home: { city: "Winterthur", state: "Zurich", country: "Switzerland", postalCode: "8400", geolocation: { lat: 47.5, lon: 8.72 } },
  far: { city: "Anytown", state: null, country: "Elsewhere", postalCode: null, geolocation: { lat: 0, lon: 0 } },
};
const place = (ip) => (ip.startsWith("192.0.2.") ? places.office : ip.startsWith("198.51.100.") ? places.home : places.far);
const oktaTarget = (who) => ({ id: who.oktaId, type: "User", alternateId: who.email, displayName: who.name, detailEntry: null });
export const oktaApp = (name) => ({ id: id("0oa", name), type: "AppInstance", alternateId: name, displayName: name, detailEntry: { signOnModeType: "SAML_2_0" } });
export const oktaUser = oktaTarget;

/** An Okta System Log event (LogEvent). */
export function okta(time, who, ip, eventType, displayMessage, more = {}) {
  const n = (counters.okta += 1);
  const { result = "SUCCESS", reason = null, target = null, severity, userAgent = chrome, debugData = {}, session = result === "SUCCESS", requestUri } = more;
  const geographicalContext = ip === null ? null : place(ip);
  const actor = who ?? { oktaId: id("spr", "system"), email: "system@okta.com", name: "Okta System" };
  return {
    actor: { id: actor.oktaId, type: who ? "User" : "SystemPrincipal", alternateId: actor.email, displayName: actor.name, detailEntry: null },
    client: {
      userAgent: ip === null ? null : { rawUserAgent: userAgent, os: userAgent === chrome ? "Mac OS X" : "Unknown", browser: userAgent === chrome ? "CHROME" : "UNKNOWN" },
      zone: ip === null ? null : "null",
      device: ip === null ? null : userAgent === chrome ? "Computer" : "Unknown",
      id: null,
      ipAddress: ip,
      geographicalContext,
    },
    device: null,
    authenticationContext: { authenticationProvider: null, credentialProvider: null, credentialType: null, issuer: null, interface: null, authenticationStep: 0, rootSessionId: session && who ? id("idx", who.email, new Date(time).toISOString().slice(0, 10)) : null, externalSessionId: session && who ? id("102", who.email, new Date(time).toISOString().slice(0, 10)) : null },
    displayMessage,
    eventType,
    outcome: { result, reason },
    published: new Date(time).toISOString(),
    securityContext: { asNumber: ip === null ? null : 64496, asOrg: ip === null ? null : "Example Org", isp: ip === null ? null : "Example ISP", domain: ip === null ? null : "example.com", isProxy: ip === null ? null : ip.startsWith("203.0.113.") },
    severity: severity ?? (result === "SUCCESS" || result === "ALLOW" ? "INFO" : "WARN"),
    debugContext: { debugData: { requestId: digest("request", n).slice(0, 32), requestUri: requestUri ?? (ip === null ? "/job" : "/api/v1/authn"), ...debugData } },
    legacyEventType: null,
    transaction: { type: ip === null ? "JOB" : "WEB", id: digest("transaction", n).slice(0, 32), detail: {} },
    uuid: uuid("okta", n),
    version: "0",
    request: { ipChain: ip === null ? [] : [{ ip, geographicalContext, version: "V4", source: null }] },
    target,
  };
}

/** A GitHub enterprise audit log record, as audit log streaming writes it. */
export function github(time, who, ip, action, more = {}) {
  const n = (counters.github += 1);
  const { repo, userAgent = chrome, operation = "modify", token, ...rest } = more;
  const bot = who === "github-actions[bot]";
  return {
    "@timestamp": time,
    _document_id: id("", "github", n) + id("", "doc", n).slice(0, 5),
    action,
    ...(who !== null && { actor: bot ? who : who.github, actor_id: bot ? 41898282 : who.githubId, actor_is_bot: bot }),
    ...(ip !== null && { actor_ip: ip, actor_location: { country_code: ip.startsWith("203.0.113.") ? "ZZ" : "CH" } }),
    business: "example-enterprise",
    business_id: 4242,
    created_at: time,
    ...(who !== null && !bot && { external_identity_nameid: who.email, external_identity_username: who.email }),
    operation_type: operation,
    org: "example-org",
    org_id: 13371,
    ...(repo !== undefined && { repo: `example-org/${repo}`, repo_id: Number.parseInt(digest(repo).slice(0, 7), 16), public_repo: false }),
    ...(token !== undefined && { hashed_token: createHash("sha256").update(token).digest("base64"), programmatic_access_type: "Personal access token (classic)", token_id: Number.parseInt(digest(token).slice(0, 7), 16), token_scopes: "admin:org,delete_repo,repo" }),
    ...(userAgent !== null && { user_agent: userAgent }),
    ...rest,
  };
}

const stream = (time, eventType, event) => ({
  metadata: { customerIDString: cid, offset: 0, eventType, eventCreationTime: time, version: "1.0" },
  event,
});
/** Event Streams lines carry ascending offsets of their partition: numbered once all are in order. */
export const numbered = (records) => records.map((record, n) => ({ ...record, metadata: { ...record.metadata, offset: 730_100 + n } }));

/** A Falcon console audit event: AuthActivityAuditEvent (with Success) or UserActivityAuditEvent (without). */
export function falconAudit(time, userId, ip, OperationName, ServiceName, values = {}, success = true) {
  const user = ServiceName === "detections";
  counters.crowdstrike += 1;
  return stream(time, user ? "UserActivityAuditEvent" : "AuthActivityAuditEvent", {
    UserId: userId,
    UserIp: ip,
    OperationName,
    ServiceName,
    ...(user ? {} : { Success: success }),
    UTCTimestamp: Math.floor(time / 1000),
    AuditKeyValues: Object.entries({ ...values, trace_id: uuid("trace", counters.crowdstrike) }).map(([Key, ValueString]) => ({ Key, ValueString })),
  });
}
/** What an API client of Falcon did: APIActivityAuditEvent. Its UserId is empty, and Success stays true when the answer was a 4xx. */
export function falconApi(time, client, ip, method, path, status) {
  counters.crowdstrike += 1;
  const Attributes = {
    APIClientID: client, cid, elapsed_microseconds: String(between(9000, 90_000)), received_time: new Date(time).toISOString(), request_method: method, request_path: path,
    scopes: "alerts:read", status_code: String(status), trace_id: uuid("trace", counters.crowdstrike), user_agent: "example-soar/2.4", user_ip: ip,
  };
  const AuditKeyValues = Object.entries(Attributes).map(([Key, ValueString]) => ({ Key, ValueString }));
  return stream(time, "APIActivityAuditEvent", { UserId: "", UserIp: ip, OperationName: "logged", ServiceName: "api_request", Success: true, UTCTimestamp: Math.floor(time / 1000), Attributes, Message: "", Source: "api_request", SourceIp: ip, AuditKeyValues });
}
/** An endpoint detection. */
export function eppDetection(time, who, ip, more) {
  const n = (counters.crowdstrike += 1);
  const seconds = Math.floor(time / 1000) - 40;
  const composite = `${cid}:ind:${who.agentId}:${between(1e9, 9e9)}-${between(1000, 9999)}-${n}`;
  return stream(time, "EppDetectionSummaryEvent", {
    ProcessStartTime: seconds, ProcessEndTime: 0, ProcessId: 1_794_000_000_000_000 + n * 7919, ParentProcessId: 1_794_000_000_000_000 + n * 7919 - 311,
    Hostname: who.laptop, UserName: who.windows, LogonDomain: "EXAMPLE", LocalIP: ip, LocalIPv6: "", MACAddress: "02-00-00-00-53-01", AgentId: who.agentId,
    SHA256String: digest("file", more.FileName), MD5String: digest("md5", more.FileName).slice(0, 32), SHA1String: "",
    FalconHostLink: `https://falcon.example.com/activity-v2/detections/${composite}`, CompositeId: composite,
    PatternDispositionDescription: "Detection, standard detection.", PatternDispositionValue: 0, PatternDispositionFlags: { Detect: true, KillProcess: false, ProcessBlocked: false },
    PatternId: 50_000 + (n % 90), SourceVendors: "CrowdStrike", SourceProducts: "Falcon Insight", DataDomains: "Endpoint", Type: "ldt", ...more,
  });
}
/** An identity detection of Falcon Identity Protection: it names the account and the address the account was used from. */
export function idpDetection(time, who, ip, more) {
  const n = (counters.crowdstrike += 1);
  return stream(time, "IdpDetectionSummaryEvent", {
    DetectId: `${cid}:ind:${cid}:${uuid("idp", n).toUpperCase()}`, FalconHostLink: `https://falcon.example.com/identity-protection/detections/${n}`,
    StartTime: time - 60_000, EndTime: time, SourceAccountDomain: "EXAMPLE.COM", SourceAccountName: who.windows.toUpperCase(), SourceAccountUpn: who.email,
    SourceAccountObjectSid: `S-1-5-21-1-2-3-${1000 + (who.githubId % 9000)}`, SourceEndpointHostName: "", SourceEndpointIpAddress: ip, PatternId: 51_100 + (n % 40), ...more,
  });
}
