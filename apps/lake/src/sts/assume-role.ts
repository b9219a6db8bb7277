import { evaluateAssumeRole, parseTrustPolicy, requestContext } from "@tributary/policy";
import { TributaryError, parseArn } from "@tributary/schema";
import { WireError } from "../http/wire-error.ts";
import { isSessionName, sessionArn } from "../identity/session-arn.ts";
import { parseSessionPolicy, startSession } from "../identity/start-session.ts";
import {
  type TokenCall,
  type TokenOperation,
  credentialsOutput,
  durationOf,
  refuseOthers,
  validationError,
} from "./token-call.ts";

/** The longest session that a session may begin, as AWS has it for role chaining. */
const chainedSeconds = 3600;

/**
 * AssumeRole of AWS's token service: credentials of a role for whom its trust policy names. Session tags, MFA, source identity
 * and managed session policies are refused. Throws AccessDeniedException 403, also for a role that is not there; ValidationError,
 * MalformedPolicyDocument 400.
 */
export const assumeRole: TokenOperation = (call) => {
  const { view, caller, parameters, facts, env } = call;
  refuseOthers(call, ["RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId", "Policy"]);
  const roleArn = parameters.get("RoleArn") ?? "";
  const arn = parseArn(roleArn);
  if (arn?.service !== "iam" || !/^\d{12}$/.test(arn.accountId) || !/^role\/./.test(arn.resource))
    throw validationError("RoleArn must be the ARN of a role, arn:aws:iam::ACCOUNT:role/NAME.");
  const roleSessionName = parameters.get("RoleSessionName") ?? "";
  if (!isSessionName(roleSessionName))
    throw validationError("RoleSessionName must have 2 to 64 of A-Z a-z 0-9 + = , . @ _ -");
  const externalId = parameters.get("ExternalId");
  if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId))
    throw validationError("ExternalId must have 2 to 1224 of A-Z a-z 0-9 + = , . @ : / _ -");
  const policy = parameters.get("Policy");
  if (policy !== undefined) checkPolicy(policy);

  const role = view.state.roles.get(roleArn);
  const decision = evaluateAssumeRole({
    caller,
    role: role ?? { arn: roleArn, accountId: arn.accountId },
    trust: role && parseTrustPolicy(role.trustPolicy),
    context: requestContext({ ...facts, assumeRole: { externalId, roleSessionName } }),
  });
  if (!decision.allowed || !role || view.state.disabledAccounts.has(role.accountId))
    throw new WireError(
      "AccessDeniedException",
      `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      { status: 403 },
    );
  const credentials = startSession(
    view,
    { of: role, sessionName: roleSessionName, duration: duration(call, role), policy, startedBy: caller.startedBy },
    env,
  );
  return {
    AssumedRoleUser: {
      AssumedRoleId: `${role.roleId}:${roleSessionName}`,
      Arn: sessionArn(role, roleSessionName),
    },
    Credentials: credentialsOutput(credentials),
    PackedPolicySize: policy === undefined ? undefined : Math.ceil((policy.length / 2048) * 100),
  };
};

function duration(call: TokenCall, { maxSessionDuration }: { readonly maxSessionDuration: number }): number {
  const chained = call.caller.sessionOf !== undefined;
  return durationOf(call, { usual: 3600, most: chained ? chainedSeconds : maxSessionDuration });
}

function checkPolicy(policy: string): void {
  try {
    parseSessionPolicy(policy);
  } catch (error) {
    if (!(error instanceof TributaryError)) throw error;
    throw new WireError("MalformedPolicyDocument", error.message, { status: 400, cause: error });
  }
}
