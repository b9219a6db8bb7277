// Writes {okta,github,crowdstrike}/*.ndjson beside this file, or into FOLDER: two weeks of November 2026 at example.com, the same on every run.
//   node apps/forwarder/examples/generate.mjs [FOLDER]
// Ordinary days, and four stories that cross the sources:
//   1. 11 Nov: a password spray from 203.0.113.66; mia.lindqvist's account gives way and is used on GitHub, Okta and Falcon.
//   2. 12-16 Nov: dan.volkov, who is leaving, clones every repository at night; he is off-boarded after a detection on his laptop.
//   3. 17 Nov: ben.ortiz gets administrator rights in all three within an hour, uses them, and loses them the next day.
//   4. 18 Nov: a stolen token of the deploy account is used from 203.0.113.200 while Falcon sees where it was taken.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agents, between, eppDetection, falconApi, falconAudit, github, idpDetection, numbered, okta, oktaApp, oktaUser, person, pick, random } from "./records.mjs";

const people = [
  person("Alice Nguyen", "platform", "198.51.100.21"), person("Ben Ortiz", "support", "198.51.100.22"), person("Carla Mendes", "security", "198.51.100.23"),
  person("Dan Volkov", "data", "198.51.100.44"), person("Erin Walsh", "platform", "198.51.100.25"), person("Farid Haddad", "web", "198.51.100.26"),
  person("Grace Okafor", "web", "198.51.100.27"), person("Hugo Brandt", "data", "198.51.100.28"), person("Ines Rossi", "people", "198.51.100.29"),
  person("Jonas Keller", "security", "198.51.100.30"), person("Kira Tanaka", "platform", "198.51.100.31"), person("Mia Lindqvist", "web", "198.51.100.33"),
];
const [alice, ben, carla, dan, , , , , ines, jonas, kira, mia] = people;
const deploy = { ...person("Deploy Account", "platform", "192.0.2.80"), email: "deploy@example.com", github: "example-deploy" };
const office = ["192.0.2.10", "192.0.2.11", "192.0.2.12"];
const sprayer = "203.0.113.66";
const thief = "203.0.113.200";
const repos = { platform: ["infra", "cluster", "deploy-tools"], web: ["shop", "shop-api", "design-system"], data: ["pipelines", "models", "warehouse"], security: ["detections", "infra"], support: ["runbooks"], people: [] };
const every = [...new Set(Object.values(repos).flat())];
const soar = "c0ffee00c0ffee00c0ffee00c0ffee00";
const falcon = "CrowdStrike Authentication";
const api = "Crowdstrike API Client";
const log = { okta: [], github: [], crowdstrike: [] };
const add = (source, ...records) => log[source].push(...records);
const at = (day, hour, minute = 0, second = 0) => Date.UTC(2026, 10, day, hour, minute, second, between(0, 999));
const login = (time, who, ip) => [
  okta(time, who, ip, "user.session.start", "User login to Okta"),
  okta(time + 900, who, ip, "user.authentication.auth_via_mfa", "Authentication of user via MFA", { debugData: { factor: "OKTA_VERIFY_PUSH" } }),
];
const failed = (time, who, ip, more) =>
  okta(time, who, ip, "user.session.start", "User login to Okta", { result: "FAILURE", reason: "INVALID_CREDENTIALS", userAgent: ip === sprayer ? agents.script : agents.chrome, debugData: { threatSuspected: String(ip === sprayer) }, ...more });
const sso = (time, who, ip, app) => okta(time, who, ip, "user.authentication.sso", "User single sign on to app", { target: [oktaApp(app), { ...oktaUser(who), type: "AppUser" }], requestUri: "/app/sso/saml" });

function ordinaryDay(day) {
  for (const who of people) {
    if (who === dan && day > 16) continue;
    const ip = random() < 0.7 ? pick(office) : who.home;
    let time = at(day, between(7, 9), between(0, 59), between(0, 59));
    if (random() < 0.12) add("okta", failed(time - 30_000, who, ip));
    add("okta", ...login(time, who, ip));
    const own = repos[who.team];
    if (own.length > 0) {
      add("okta", sso(time + 20_000, who, ip, "GitHub Enterprise Cloud"));
      for (let n = between(1, 4); n > 0; n -= 1) {
        time += between(20, 90) * 60_000;
        const repo = pick(own);
        const act = random();
        if (act < 0.45) add("github", github(time, who, ip, "git.push", { repo, repository: `example-org/${repo}`, repository_public: false, transport_protocol_name: "ssh", transport_protocol: 2, userAgent: agents.git }));
        else if (act < 0.7) add("github", github(time, who, ip, "git.fetch", { repo, repository: `example-org/${repo}`, repository_public: false, transport_protocol_name: "ssh", transport_protocol: 2, userAgent: agents.git, operation: "access" }));
        else add("github", github(time, who, ip, "pull_request.merge", { repo, pull_request_id: between(1000, 9999), pull_request_title: pick(["Fix flaky test", "Raise a limit", "Update packages", "Rename a field"]) }));
      }
      if (random() < 0.6) add("github", github(time + 5000, "github-actions[bot]", null, "workflows.completed_workflow_run", { repo: pick(own), userAgent: null, workflow_run_id: between(1e9, 2e9), conclusion: random() < 0.85 ? "success" : "failure", event: "push", head_branch: "main", operation: "modify" }));
    }
    if (who.team === "security" || random() < 0.15) {
      add("okta", sso(time + 30_000, who, ip, "CrowdStrike Falcon"));
      add("crowdstrike", falconAudit(time + 31_000, who.email, ip, "twoFactorAuthenticate", falcon, { target_name: who.email }), falconAudit(time + 32_000, who.email, ip, "userAuthenticate", falcon, { target_name: who.email }));
      for (let n = between(1, 4); n > 0; n -= 1) {
        add("crowdstrike", falconAudit(time + 60_000 * between(2, 200), who.email, ip, "detection_update", "detections", { detection_id: `ldt:${who.agentId}:${between(1e9, 9e9)}`, new_state: pick(["in_progress", "true_positive", "false_positive", "closed"]) }));
      }
    }
    if (random() < 0.25) add("okta", okta(time + 7_200_000, who, ip, "user.session.end", "User logout from Okta"));
  }
  for (let hour = 0; hour < 24; hour += 4) {
    const client = { APIClientID: "5f1d0b2c4e6a48798a3c0d9e7b6f1a25", partition: "0", appId: "tributary", eventType: "All event type(s)" };
    add("crowdstrike", falconAudit(at(day, hour, 1), "API:5f1d0b2c4e6a48798a3c0d9e7b6f1a25", "192.0.2.90", "streamStarted", "Crowdstrike Streaming API", { ...client, offset: "-1" }));
    if (hour % 8 === 0) add("crowdstrike", falconAudit(at(day, hour, 31), "API:5f1d0b2c4e6a48798a3c0d9e7b6f1a25", "192.0.2.90", "streamStopped", "Crowdstrike Streaming API", client));
    add("github", github(at(day, hour, 20), deploy, "192.0.2.80", "git.clone", { repo: "deploy-tools", repository: "example-org/deploy-tools", repository_public: false, transport_protocol_name: "http", transport_protocol: 1, userAgent: agents.git, operation: "access", token: "deploy-1" }));
  }
  for (let n = 0; n < 6; n += 1) {
    add("crowdstrike", falconApi(at(day, between(0, 23), between(0, 59)), soar, "192.0.2.91", "GET", pick(["/alerts/queries/alerts/v2", "/devices/queries/devices-scroll/v1", "/alerts/entities/alerts/v2"]), random() < 0.9 ? 200 : 429));
  }
  add("okta", okta(at(day, 3), null, null, "policy.evaluate_sign_on", "Evaluation of sign-on policy", { result: pick(["ALLOW", "CHALLENGE"]), target: [{ id: "00pdefault", type: "PolicyEntity", alternateId: "unknown", displayName: "Default Policy", detailEntry: null }] }));
  for (let n = between(1, 3); n > 0; n -= 1) {
    const who = pick(people);
    add("crowdstrike", eppDetection(at(day, between(8, 17), between(0, 59)), who, who.home, { Name: "Potentially Unwanted", Description: "A file matches an adware pattern.", Severity: 20, SeverityName: "Low", FileName: "setup.dmg", FilePath: "/Users/Shared/setup.dmg", CommandLine: "open /Users/Shared/setup.dmg", Tactic: "Machine Learning", Technique: "Adware/PUP", Objective: "Falcon Detection Method" }));
  }
}
for (const day of [9, 10, 11, 12, 13, 16, 17, 18, 19, 20]) ordinaryDay(day);

// 1. The spray: three rounds over all accounts, one password is right, the push is denied twice and then approved by a tired thumb.
for (let round = 0; round < 3; round += 1) {
  people.forEach((who, n) => {
    if (round === 2 && who === mia) return;
    add("okta", failed(at(11, 2, 5 + round * 9, n * 4), who, sprayer));
  });
}
add("okta",
  okta(at(11, 2, 24), mia, sprayer, "user.authentication.auth_via_mfa", "Authentication of user via MFA", { result: "FAILURE", reason: "User rejected Okta push verify", userAgent: agents.script }),
  okta(at(11, 2, 25), mia, sprayer, "user.mfa.okta_verify.deny_push", "User rejected Okta push verify", { result: "DENY", reason: "USER_REJECTED", userAgent: agents.script }),
  okta(at(11, 2, 31), mia, sprayer, "user.session.start", "User login to Okta", { userAgent: agents.script, debugData: { threatSuspected: "true" } }),
  okta(at(11, 2, 33), mia, sprayer, "user.mfa.factor.activate", "Activate factor or authenticator enrollment for user", { target: [oktaUser(mia)], userAgent: agents.script }),
  sso(at(11, 2, 36), mia, sprayer, "GitHub Enterprise Cloud"),
  okta(at(11, 2, 48), mia, sprayer, "user.session.access_admin_app", "User accessing Okta admin app", { result: "DENY", reason: "NOT_ALLOWED", userAgent: agents.script }),
  okta(at(11, 2, 12), null, sprayer, "security.threat.detected", "Security threat detected", { result: "DENY", reason: "Password Spray", severity: "WARN", userAgent: agents.script }),
  okta(at(11, 7, 5), carla, "192.0.2.11", "user.session.clear", "Clear user session", { target: [oktaUser(mia)] }),
  okta(at(11, 7, 6), carla, "192.0.2.11", "user.account.reset_password", "Password reset by admin", { target: [oktaUser(mia)] }));
add("github",
  github(at(11, 2, 38), mia, sprayer, "personal_access_token.create", { operation: "create", token: "mia-stolen" }),
  ...repos.web.concat(repos.data).map((repo, n) => github(at(11, 2, 40 + n), mia, sprayer, "git.clone", { repo, repository: `example-org/${repo}`, repository_public: false, transport_protocol_name: "http", transport_protocol: 1, userAgent: agents.git, operation: "access", token: "mia-stolen" })),
  github(at(11, 2, 52), mia, sprayer, "repo.access", { repo: "design-system", visibility: "public", previous_visibility: "private", userAgent: agents.gh }),
  github(at(11, 2, 55), mia, sprayer, "protected_branch.rejected_ref_update", { repo: "shop-api", reasons: [{ code: "protected_branch", message: "review required" }], userAgent: agents.git, operation: "modify" }),
  github(at(11, 2, 58), mia, sprayer, "hook.create", { repo: "shop", hook_id: 771, events: ["push"], config: { content_type: "json", insecure_ssl: "1", url: "https://203.0.113.66/collect?key=example" }, userAgent: agents.gh, operation: "create" }),
  github(at(11, 3, 2), mia, sprayer, "repo.destroy", { repo: "design-system", visibility: "public", userAgent: agents.gh, operation: "remove" }),
  github(at(11, 3, 4), mia, sprayer, "repo.destroy", { repo: "shop", visibility: "private", userAgent: agents.gh, operation: "remove" }),
  github(at(11, 7, 12), carla, "192.0.2.11", "personal_access_token.access_revoked", { operation: "remove", user: mia.github, user_id: mia.githubId }),
  github(at(11, 9, 1), alice, "192.0.2.10", "repo.restore", { repo: "shop", operation: "restore" }));
add("crowdstrike",
  idpDetection(at(11, 2, 14), mia, sprayer, { DetectName: "Password spraying from one address", DetectDescription: "Many accounts failed to authenticate from one source", Severity: 70, SeverityName: "High", Tactic: "Credential Access", Technique: "Brute Force", Objective: "Gain Access" }),
  idpDetection(at(11, 2, 32), mia, sprayer, { DetectName: "Access from an unusual location", DetectDescription: "The account was used from an address never seen before", Severity: 50, SeverityName: "Medium", Tactic: "Initial Access", Technique: "Valid Accounts", Objective: "Gain Access" }),
  falconAudit(at(11, 2, 45), mia.email, sprayer, "userAuthenticate", falcon, { target_name: mia.email }, false),
  falconAudit(at(11, 2, 46), mia.email, sprayer, "userAuthenticate", falcon, { target_name: mia.email }, false),
  eppDetection(at(11, 6, 50), mia, mia.home, { Name: "Credential Theft", Description: "A process read the browser's stored credentials.", Severity: 70, SeverityName: "High", FileName: "updater", FilePath: "/Users/mia.lindqvist/Library/updater", CommandLine: "./updater --silent", Tactic: "Credential Access", Technique: "Credentials from Web Browsers", Objective: "Gain Access" }),
  falconAudit(at(11, 7, 2), carla.email, "192.0.2.11", "containHost", "hosts", { device_id: mia.agentId, hostname: mia.laptop }));

// 2. The leaver.
for (const [day, hour] of [[12, 22], [13, 23], [15, 1]]) {
  add("okta", ...login(at(day, hour), dan, dan.home), sso(at(day, hour, 2), dan, dan.home, "GitHub Enterprise Cloud"));
  every.forEach((repo, n) => add("github", github(at(day, hour, 5 + n * 2), dan, dan.home, "git.clone", { repo, repository: `example-org/${repo}`, repository_public: false, transport_protocol_name: "ssh", transport_protocol: 2, userAgent: agents.git, operation: "access" })));
}
add("crowdstrike",
  eppDetection(at(15, 1, 55), dan, dan.home, { Name: "Data Exfiltration", Description: "A large archive was copied to removable media.", Severity: 80, SeverityName: "High", FileName: "tar", FilePath: "/usr/bin/tar", CommandLine: "tar czf /Volumes/USB/all.tgz src", Tactic: "Exfiltration", Technique: "Exfiltration Over Physical Medium", Objective: "Follow Through" }),
  falconAudit(at(16, 8, 20), jonas.email, "192.0.2.12", "containHost", "hosts", { device_id: dan.agentId, hostname: dan.laptop }));
add("okta",
  okta(at(16, 9, 0), ines, "192.0.2.10", "user.lifecycle.deactivate", "Deactivate Okta user", { target: [oktaUser(dan)] }),
  okta(at(16, 9, 0, 30), null, null, "application.user_membership.remove", "Remove user's application membership", { target: [oktaUser(dan), oktaApp("GitHub Enterprise Cloud")] }),
  failed(at(16, 21, 4), dan, dan.home, { reason: "LOCKED_OUT" }), failed(at(16, 21, 5), dan, dan.home, { reason: "LOCKED_OUT" }));
add("github", github(at(16, 9, 1), alice, "192.0.2.10", "org.remove_member", { user: dan.github, user_id: dan.githubId, operation: "remove" }));

// 3. Rights in three places within an hour, and what was done with them.
const role = (name) => [oktaUser(ben), { id: "ROLE_ASSIGNED", type: "ROLE_ASSIGNED", alternateId: "unknown", displayName: "Role Assigned", detailEntry: null }, { id: "SuperOrgAdmin", type: "ROLE", alternateId: "unknown", displayName: name, detailEntry: null }];
add("okta",
  okta(at(17, 12, 4), kira, kira.home, "user.account.privilege.grant", "Grant user privilege", { target: role("Super Organization Administrator"), debugData: { privilegeGranted: "Super administrator" } }),
  okta(at(17, 13, 10), ben, ben.home, "policy.rule.update", "Update policy rule", { target: [{ id: "0prmfa", type: "PolicyRule", alternateId: "unknown", displayName: "Require MFA", detailEntry: null }] }),
  okta(at(17, 13, 20), ben, ben.home, "system.api_token.create", "Create API token", { target: [{ id: "00Tben", type: "Token", alternateId: "unknown", displayName: "reporting", detailEntry: null }] }),
  okta(at(18, 8, 0), carla, "192.0.2.11", "user.account.privilege.revoke", "Revoke user privilege", { target: role("Super Organization Administrator"), debugData: { privilegeRevoked: "Super administrator" } }));
add("github",
  github(at(17, 12, 21), kira, kira.home, "org.update_member", { user: ben.github, user_id: ben.githubId, permission: "admin", old_permission: "read" }),
  github(at(17, 13, 31), ben, ben.home, "org.disable_two_factor_requirement", {}),
  github(at(17, 13, 34), ben, ben.home, "org.update_member_repository_creation_permission", { permission: true }),
  github(at(18, 8, 3), carla, "192.0.2.11", "org.update_member", { user: ben.github, user_id: ben.githubId, permission: "read", old_permission: "admin" }),
  github(at(18, 8, 4), carla, "192.0.2.11", "org.enable_two_factor_requirement", {}));
add("crowdstrike",
  falconAudit(at(17, 12, 40), kira.email, kira.home, "grantUserRoles", falcon, { target_name: ben.email, roles: "falconhost_admin,remote_responder_three" }),
  falconAudit(at(17, 13, 40), ben.email, ben.home, "CreateAPIClient", api, { name: "reporting", "scope(s)": "alerts:read,hosts:write", actor_user: ben.email }),
  falconAudit(at(17, 13, 45), ben.email, ben.home, "UpdateAllowlistGroup", "Crowdstrike Allowlist Management", { group_name: "office", cidrs: "[192.0.2.0/24 198.51.100.0/24]", old_cidrs: "[192.0.2.0/24]", active: "true" }),
  falconAudit(at(18, 8, 5), carla.email, "192.0.2.11", "revokeUserRoles", falcon, { target_name: ben.email, roles: "falconhost_admin,remote_responder_three" }),
  falconAudit(at(18, 8, 6), carla.email, "192.0.2.11", "DeleteAPIClients", api, { name: "reporting", actor_user: carla.email }));

// 4. The stolen token.
add("github",
  ...["infra", "cluster", "deploy-tools"].map((repo, n) => github(at(18, 19, 2 + n), deploy, thief, "git.clone", { repo, repository: `example-org/${repo}`, repository_public: false, transport_protocol_name: "http", transport_protocol: 1, userAgent: agents.git, operation: "access", token: "deploy-1" })),
  ...Array.from({ length: 18 }, (_, n) => github(at(18, 19, 10 + n), deploy, thief, "api.request", { request_method: n % 3 === 0 ? "PUT" : "GET", route: "/repositories/:repository_id/actions/secrets", status_code: n % 3 === 0 ? 403 : 200, request_id: `AB${n}:EXAMPLE`, userAgent: agents.script, operation: "access", token: "deploy-1" })),
  github(at(18, 19, 40), jonas, "192.0.2.12", "personal_access_token.access_revoked", { operation: "remove", user: deploy.github }));
add("okta", ...Array.from({ length: 6 }, (_, n) => failed(at(18, 19, 30, n * 7), alice, thief, { userAgent: agents.script })), okta(at(18, 19, 35), alice, thief, "user.account.lock", "Max sign in attempts exceeded", { result: "FAILURE", reason: "LOCKED_OUT", userAgent: agents.script }));
add("crowdstrike",
  eppDetection(at(18, 18, 50), alice, alice.home, { Name: "Credential Access", Description: "A package's install script read tokens from the home directory.", Severity: 90, SeverityName: "Critical", FileName: "node", FilePath: "/usr/local/bin/node", CommandLine: "node postinstall.js", Tactic: "Credential Access", Technique: "Unsecured Credentials", Objective: "Gain Access" }),
  idpDetection(at(18, 19, 33), alice, thief, { DetectName: "Repeated failed logins from one address", DetectDescription: "An account failed to authenticate many times from one source", Severity: 50, SeverityName: "Medium", Tactic: "Credential Access", Technique: "Brute Force", Objective: "Gain Access" }),
  ...Array.from({ length: 5 }, (_, n) => falconApi(at(18, 19, 50, n * 3), soar, thief, "POST", "/oauth2/token", 401)),
  falconAudit(at(18, 19, 34), alice.email, thief, "userAuthenticate", falcon, { target_name: alice.email }, false));

const timeOf = { okta: (r) => Date.parse(r.published), github: (r) => r["@timestamp"], crowdstrike: (r) => r.metadata.eventCreationTime };
const file = { okta: "system-log", github: "audit-log", crowdstrike: "event-streams" };
for (const source of ["okta", "github", "crowdstrike"]) {
  const sorted = log[source].toSorted((a, b) => timeOf[source](a) - timeOf[source](b));
  const records = source === "crowdstrike" ? numbered(sorted) : sorted;
  const folder = join(process.argv[2] ?? import.meta.dirname, source);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${file[source]}.ndjson`), records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  console.log(`${source}/${file[source]}.ndjson: ${records.length} records`);
}
