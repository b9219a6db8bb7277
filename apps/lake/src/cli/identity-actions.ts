import { randomBytes } from "node:crypto";
import type { AccessKey } from "../catalog/control-catalog.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { systemClock } from "../clock.ts";
import { type Decided, changeControl } from "../control/change-control.ts";
import type { ControlView } from "../control/control-view.ts";
import { changeAccessKey } from "../identity/change-access-key.ts";
import { changeAccount } from "../identity/change-account.ts";
import { createAccessKey } from "../identity/create-access-key.ts";
import { createIdentity } from "../identity/create-identity.ts";
import { deleteIdentity } from "../identity/delete-identity.ts";
import { putIdentityPolicy } from "../identity/put-identity-policy.ts";
import { type CommandValues, readText, required } from "./command.ts";

/** What an action has: the lake's control state, the command line and where to print. */
export interface IdentityActionContext {
  readonly catalog: Pick<Catalog, "changeControl">;
  readonly values: CommandValues;
  readonly fresh: () => Promise<ControlView>;
  readonly print: (value: Readonly<Record<string, unknown>>, text: string) => void;
}

export type IdentityAction = (context: IdentityActionContext) => Promise<void>;

/** By the command as it is typed. */
export const identityActions: ReadonlyMap<string, IdentityAction> = new Map<string, IdentityAction>([
  ["identity create", create],
  ["identity list", list],
  ["identity delete", remove],
  ["identity policy put", putPolicy],
  ["identity key create", createKey],
  ["identity key disable", changeKey("disabled")],
  ["identity key enable", changeKey("enabled")],
  ["identity key delete", changeKey("deleted")],
  ["account disable", changeAccountTo("disabled")],
  ["account enable", changeAccountTo("enabled")],
]);

async function create(context: IdentityActionContext): Promise<void> {
  const { values, print } = context;
  const policy = values.policy === undefined ? undefined : readText(values.policy);
  const input = { ...user(values), policy, administrator: values.administrator };
  const { identity, accessKey } = await change(context, (view) => createIdentity(view, input, keyEnvironment()));
  const { arn, accountId, name, administrator } = identity;
  const { accessKeyId, secretAccessKey } = accessKey;
  const may = administrator
    ? "administrator of its account"
    : policy === undefined
      ? "may do nothing until given a policy"
      : "may do what its policy allows";
  print({ arn, accountId, name, administrator, accessKeyId, secretAccessKey }, exports(`${arn}, ${may}`, accessKey));
}

async function list({ fresh, print }: IdentityActionContext): Promise<void> {
  const { state } = await fresh();
  for (const { arn, accountId, name, administrator, policy } of state.identities.values()) {
    const accessKeys = [...state.accessKeys.values()]
      .filter((key) => key.identityArn === arn)
      .map(({ accessKeyId, enabled }) => ({ accessKeyId, enabled }));
    const accountEnabled = !state.disabledAccounts.has(accountId);
    const may = administrator ? "administrator" : policy === undefined ? "no policy" : "policy";
    const keys = accessKeys.map(({ accessKeyId, enabled }) => (enabled ? accessKeyId : `${accessKeyId} (disabled)`));
    print(
      { arn, accountId, name, administrator, policy: policy !== undefined, accessKeys, accountEnabled },
      `${arn}  ${may}${accountEnabled ? "" : ", account disabled"}  ${keys.join(" ")}\n`,
    );
  }
}

async function remove(context: IdentityActionContext): Promise<void> {
  const { arn } = await change(context, (view) => deleteIdentity(view, user(context.values)));
  context.print({ arn }, `${arn} and its access keys are deleted.\n`);
}

async function putPolicy(context: IdentityActionContext): Promise<void> {
  const policy = readText(required(context.values, "policy"));
  const { arn } = await change(context, (view) => putIdentityPolicy(view, { ...user(context.values), policy }));
  context.print({ arn }, `${arn} has the policy now.\n`);
}

async function createKey(context: IdentityActionContext): Promise<void> {
  const accessKey = await change(context, (view) => createAccessKey(view, user(context.values), keyEnvironment()));
  const { identityArn: arn, accessKeyId, secretAccessKey } = accessKey;
  context.print({ arn, accessKeyId, secretAccessKey }, exports(arn, accessKey));
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

function change<Output>(
  { catalog, fresh }: IdentityActionContext,
  decision: (view: ControlView) => Decided<Output>,
): Promise<Output> {
  return changeControl(catalog, fresh, decision);
}

function user(values: CommandValues): { readonly accountId: string; readonly name: string } {
  return { accountId: required(values, "account"), name: required(values, "name") };
}

function keyEnvironment(): Parameters<typeof createAccessKey>[2] {
  return { now: systemClock.now(), randomBytes };
}

/** For a shell, the one time that the secret is shown. */
function exports(about: string, { accessKeyId, secretAccessKey }: AccessKey): string {
  return `# ${about}. The secret is shown this once.\nexport AWS_ACCESS_KEY_ID=${accessKeyId}\nexport AWS_SECRET_ACCESS_KEY=${secretAccessKey}\n`;
}
