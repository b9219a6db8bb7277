import { parseTrustPolicy } from "@tributary/policy";
import { TributaryError } from "@tributary/schema";
import { systemClock } from "../clock.ts";
import { changeRole, deleteRole } from "../identity/change-role.ts";
import { createRole } from "../identity/create-role.ts";
import { findRole } from "../identity/find-role.ts";
import { defaultPolicyName, withPolicy, withoutPolicy } from "../identity/named-policies.ts";
import { isSessionName, sessionArn } from "../identity/session-arn.ts";
import { startSession } from "../identity/start-session.ts";
import { rotateMasterKey } from "../secrets/rotate-master-key.ts";
import { type CommandValues, UsageError, readText, required } from "./command.ts";
import { type IdentityAction, type IdentityActionContext, change, keyEnvironment, named } from "./identity-actions.ts";

/** Of roles, sessions and the master key, by the command as it is typed. */
export const roleActions: readonly (readonly [string, IdentityAction])[] = [
  ["identity role create", create],
  ["identity role list", list],
  ["identity role delete", remove],
  ["identity role policy put", putPolicy],
  ["identity role policy delete", deletePolicy],
  ["identity role trust put", putTrust],
  ["identity role revoke-sessions", revoke],
  ["identity session create", createSession],
  ["identity master-key rotate", rotate],
];

async function create(context: IdentityActionContext): Promise<void> {
  const { values, print } = context;
  const input = {
    ...named(values),
    trustPolicy: readText(required(values, "trust-policy")),
    policy: values.policy === undefined ? undefined : readText(values.policy),
    maxSessionDuration: seconds(values, "max-session-duration"),
  };
  const { arn, roleId } = await change(context, (view) => createRole(view, input, keyEnvironment(context)));
  const may = input.policy === undefined ? "may do nothing until given a policy" : "may do what its policy allows";
  print({ arn, roleId }, `${arn} is made, and ${may}.\n`);
}

async function list({ fresh, print }: IdentityActionContext): Promise<void> {
  const { state } = await fresh();
  for (const role of state.roles.values()) {
    const { arn, accountId, name, roleId, maxSessionDuration, trustPolicy, sessionsRevokedAt } = role;
    const names = Object.keys(role.policies);
    print(
      { arn, accountId, name, roleId, maxSessionDuration, policies: role.policies, trustPolicy, sessionsRevokedAt },
      `${arn}  ${names.length === 0 ? "no policy" : `policies ${names.join(" ")}`}\n`,
    );
  }
}

async function remove(context: IdentityActionContext): Promise<void> {
  const { arn } = await change(context, (view) => deleteRole(view, named(context.values)));
  context.print({ arn }, `${arn} is deleted and its sessions have ended.\n`);
}

async function putPolicy(context: IdentityActionContext): Promise<void> {
  const text = readText(required(context.values, "policy"));
  const policyName = context.values["policy-name"] ?? defaultPolicyName;
  const { arn } = await change(context, (view) =>
    changeRole(view, named(context.values), ({ policies }) => ({ policies: withPolicy(policies, policyName, text) })),
  );
  context.print({ arn, policyName }, `${arn} has the policy ${policyName} now.\n`);
}

async function deletePolicy(context: IdentityActionContext): Promise<void> {
  const policyName = context.values["policy-name"] ?? defaultPolicyName;
  const { arn } = await change(context, (view) =>
    changeRole(view, named(context.values), ({ policies }) => ({ policies: withoutPolicy(policies, policyName) })),
  );
  context.print({ arn, policyName }, `The policy ${policyName} of ${arn} is deleted.\n`);
}

async function putTrust(context: IdentityActionContext): Promise<void> {
  const trustPolicy = readText(required(context.values, "trust-policy"));
  parseTrustPolicy(trustPolicy);
  const { arn } = await change(context, (view) => changeRole(view, named(context.values), () => ({ trustPolicy })));
  context.print({ arn }, `${arn} has the trust policy now. Sessions that were made before go on.\n`);
}

async function revoke(context: IdentityActionContext): Promise<void> {
  const sessionsRevokedAt = systemClock.now();
  const { arn } = await change(context, (view) =>
    changeRole(view, named(context.values), () => ({ sessionsRevokedAt })),
  );
  context.print({ arn, sessionsRevokedAt }, `Every session of ${arn} that was made until now has ended.\n`);
}

async function createSession(context: IdentityActionContext): Promise<void> {
  const { values, fresh, print } = context;
  const view = await fresh();
  const role = findRole(view, named(values));
  const sessionName = values["session-name"] ?? "host";
  if (!isSessionName(sessionName))
    throw new UsageError("--session-name must have 2 to 64 of A-Z a-z 0-9 + = , . @ _ -");
  const duration = seconds(values, "duration") ?? 3600;
  if (duration < 1 || duration > role.maxSessionDuration)
    throw new TributaryError(`A session of ${role.arn} has 1 to ${role.maxSessionDuration} seconds.`, {
      code: "SESSION_DURATION_NOT_VALID",
    });
  const policy = values.policy === undefined ? undefined : readText(values.policy);
  const made = startSession(view, { of: role, sessionName, duration, policy }, keyEnvironment(context));
  const { accessKeyId, secretAccessKey, sessionToken } = made;
  const expiration = new Date(made.expiresAt).toISOString();
  const arn = sessionArn(role, sessionName);
  print(
    // As the AWS CLI's credential_process wants it.
    {
      Version: 1,
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: expiration,
      Arn: arn,
    },
    `# ${arn}, until ${expiration}\nexport AWS_ACCESS_KEY_ID=${accessKeyId}\nexport AWS_SECRET_ACCESS_KEY=${secretAccessKey}\nexport AWS_SESSION_TOKEN=${sessionToken}\n`,
  );
}

async function rotate({ catalog, dataKeys, masterKey, values, print }: IdentityActionContext): Promise<void> {
  const path = values["new-master-key-file"];
  const to = path === undefined ? undefined : ({ kind: "file", path, own: false } as const);
  await rotateMasterKey(catalog, dataKeys, { source: masterKey, to, newDataKey: values["new-data-key"] ?? false });
  const text =
    path === undefined ? "The master key is changed." : `The master key is that of ${path} now: name it from now on.`;
  print({ status: "rotated" }, `${text}\n`);
}

function seconds(values: CommandValues, name: "duration" | "max-session-duration"): number | undefined {
  const given = values[name];
  if (given === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(given)) throw new UsageError(`--${name} must be a number of seconds.`);
  return Number(given);
}
