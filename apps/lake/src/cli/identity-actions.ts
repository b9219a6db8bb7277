import { randomBytes } from "node:crypto";
import type { Catalog } from "../catalog/catalog.ts";
import { systemClock } from "../clock.ts";
import { type Decided, changeControl } from "../control/change-control.ts";
import type { ControlView } from "../control/control-view.ts";
import { changeAccessKey } from "../identity/change-access-key.ts";
import { changeAccount } from "../identity/change-account.ts";
import { changeIdentity } from "../identity/change-identity.ts";
import { createAccessKey } from "../identity/create-access-key.ts";
import { createIdentity } from "../identity/create-identity.ts";
import { deleteIdentity } from "../identity/delete-identity.ts";
import { findIdentity } from "../identity/find-identity.ts";
import { defaultPolicyName, withPolicy, withoutPolicy } from "../identity/named-policies.ts";
import type { KeyEnvironment, NewAccessKey } from "../identity/new-access-key.ts";
import type { DataKeys } from "../secrets/data-keys.ts";
import type { MasterKeySource } from "../secrets/master-key.ts";
import { type CommandValues, readText, required } from "./command.ts";

/** What an action has: the lake's control state, the command line and where to print. */
export interface IdentityActionContext {
  readonly catalog: Pick<Catalog, "readControl" | "changeControl">;
  readonly values: CommandValues;
  readonly dataKeys: Pick<DataKeys, "of">;
  readonly masterKey: MasterKeySource;
  readonly fresh: () => Promise<ControlView>;
  readonly print: (value: Readonly<Record<string, unknown>>, text: string) => void;
}

export type IdentityAction = (context: IdentityActionContext) => Promise<void>;

/** Of users, their keys and accounts, by the command as it is typed. */
export const identityActions: readonly (readonly [string, IdentityAction])[] = [
  ["identity create", create],
  ["identity list", list],
  ["identity delete", remove],
  ["identity disable", enable(false)],
  ["identity enable", enable(true)],
  ["identity policy put", putPolicy],
  ["identity policy list", listPolicies],
  ["identity policy delete", deletePolicy],
  ["identity key create", createKey],
  ["identity key disable", changeKey("disabled")],
  ["identity key enable", changeKey("enabled")],
  ["identity key delete", changeKey("deleted")],
  ["account disable", changeAccountTo("disabled")],
  ["account enable", changeAccountTo("enabled")],
];

async function create(context: IdentityActionContext): Promise<void> {
  const { values, print } = context;
  const policy = values.policy === undefined ? undefined : readText(values.policy);
  const input = { ...named(values), policy, administrator: values.administrator };
  const made = await change(context, (view) => createIdentity(view, input, keyEnvironment(context)));
  const { arn, accountId, name, administrator } = made.identity;
  const { accessKeyId } = made.accessKey;
  const { secretAccessKey } = made;
  const may = administrator
    ? "administrator of its account"
    : policy === undefined
      ? "may do nothing until given a policy"
      : "may do what its policy allows";
  print({ arn, accountId, name, administrator, accessKeyId, secretAccessKey }, exports(`${arn}, ${may}`, made));
}

async function list({ fresh, print }: IdentityActionContext): Promise<void> {
  const { state } = await fresh();
  for (const { arn, accountId, name, administrator, enabled, policies } of state.identities.values()) {
    const accessKeys = [...state.accessKeys.values()]
      .filter((key) => key.identityArn === arn)
      .map((key) => ({ accessKeyId: key.accessKeyId, enabled: key.enabled }));
    const accountEnabled = !state.disabledAccounts.has(accountId);
    const names = Object.keys(policies);
    const may = administrator ? "administrator" : names.length === 0 ? "no policy" : `policies ${names.join(" ")}`;
    const off = `${enabled ? "" : ", disabled"}${accountEnabled ? "" : ", account disabled"}`;
    const keys = accessKeys.map((key) => (key.enabled ? key.accessKeyId : `${key.accessKeyId} (disabled)`));
    print(
      { arn, accountId, name, administrator, enabled, policies: names, accessKeys, accountEnabled },
      `${arn}  ${may}${off}  ${keys.join(" ")}\n`,
    );
  }
}

async function remove(context: IdentityActionContext): Promise<void> {
  const { arn } = await change(context, (view) => deleteIdentity(view, named(context.values)));
  context.print({ arn }, `${arn} and its access keys are deleted.\n`);
}

function enable(enabled: boolean): IdentityAction {
  return async (context) => {
    const { arn } = await change(context, (view) => changeIdentity(view, named(context.values), () => ({ enabled })));
    const status = enabled ? "enabled" : "disabled";
    context.print({ arn, status }, `${arn} is ${status}.\n`);
  };
}

async function putPolicy(context: IdentityActionContext): Promise<void> {
  const text = readText(required(context.values, "policy"));
  const policyName = context.values["policy-name"] ?? defaultPolicyName;
  const { arn } = await change(context, (view) =>
    changeIdentity(view, named(context.values), ({ policies }) => ({
      policies: withPolicy(policies, policyName, text),
    })),
  );
  context.print({ arn, policyName }, `${arn} has the policy ${policyName} now.\n`);
}

async function listPolicies({ fresh, values, print }: IdentityActionContext): Promise<void> {
  const { policies } = findIdentity(await fresh(), named(values));
  for (const [policyName, policy] of Object.entries(policies))
    print({ policyName, policy }, `${policyName}\n${policy}\n`);
}

async function deletePolicy(context: IdentityActionContext): Promise<void> {
  const policyName = context.values["policy-name"] ?? defaultPolicyName;
  const { arn } = await change(context, (view) =>
    changeIdentity(view, named(context.values), ({ policies }) => ({ policies: withoutPolicy(policies, policyName) })),
  );
  context.print({ arn, policyName }, `The policy ${policyName} of ${arn} is deleted.\n`);
}

async function createKey(context: IdentityActionContext): Promise<void> {
  const made = await change(context, (view) => createAccessKey(view, named(context.values), keyEnvironment(context)));
  const { identityArn: arn, accessKeyId } = made.accessKey;
  context.print({ arn, accessKeyId, secretAccessKey: made.secretAccessKey }, exports(arn, made));
}

function changeKey(to: "disabled" | "enabled" | "deleted"): IdentityAction {
  return async (context) => {
    const id = required(context.values, "access-key-id");
    const { accessKeyId, identityArn: arn } = await change(context, (view) => changeAccessKey(view, id, to));
    context.print({ arn, accessKeyId, status: to }, `The access key ${accessKeyId} of ${arn} is ${to}.\n`);
  };
}

function changeAccountTo(to: "disabled" | "enabled"): IdentityAction {
  return async (context) => {
    const accountId = required(context.values, "account");
    await change(context, (view) => changeAccount(view, accountId, to));
    context.print({ accountId, status: to }, `The account ${accountId} is ${to}.\n`);
  };
}

/** Writes what the decision says of the present state. */
export function change<Output>(
  { catalog, fresh }: Pick<IdentityActionContext, "catalog" | "fresh">,
  decision: (view: ControlView) => Decided<Output>,
): Promise<Output> {
  return changeControl(catalog, fresh, decision);
}

/** The user or role that `--account` and `--name` name. */
export function named(values: CommandValues): { readonly accountId: string; readonly name: string } {
  return { accountId: required(values, "account"), name: required(values, "name") };
}

/** What new keys and sessions are made with. */
export function keyEnvironment({ dataKeys }: Pick<IdentityActionContext, "dataKeys">): KeyEnvironment {
  return { now: systemClock.now(), randomBytes, dataKeys };
}

/** For a shell, the one time that the secret is shown. */
function exports(about: string, { accessKey, secretAccessKey }: NewAccessKey): string {
  return `# ${about}. The secret is shown this once.\nexport AWS_ACCESS_KEY_ID=${accessKey.accessKeyId}\nexport AWS_SECRET_ACCESS_KEY=${secretAccessKey}\n`;
}
