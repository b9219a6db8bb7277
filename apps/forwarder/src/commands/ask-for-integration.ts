import { findSource, sources } from "@tributary/schema";
import type { Caller } from "../control/caller-identity.ts";
import { ControlError } from "../control/control-error.ts";
import type { ControlPlane } from "../control/control-plane.ts";
import type { Questions } from "../terminal/questions.ts";

/** What an integration is to be, as far as it is said. */
export interface IntegrationWish {
  readonly name: string | undefined;
  readonly source: string | undefined;
  /** Names or ARNs of stores that are there. */
  readonly stores: readonly string[];
  readonly newStore: string | undefined;
  readonly retentionDays: number | undefined;
  readonly principals: readonly string[] | undefined;
  readonly externalId: string | undefined;
  readonly generateExternalId: boolean;
  readonly noPolicy: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** Asks for what options did not say, in the order of the console's pages: source, name, stores, policy. */
export async function askForIntegration(
  given: IntegrationWish,
  person: Questions,
  control: ControlPlane,
): Promise<IntegrationWish> {
  const source = given.source ?? (await askSource(person));
  const name = given.name ?? (await person.ask("Name of the channel", usualName(source)));
  const stores = await askStores(given, person, control);
  const policy = given.noPolicy ? {} : await askPolicy({ ...given, source }, person, control);
  return { ...given, source, name, ...stores, ...policy };
}

async function askSource(person: Questions): Promise<string> {
  const names = sources.map(({ source, displayName }) => `${source} (${displayName})`).join(", ");
  const answer = await person.ask(`Source: ${names}`);
  const low = answer.toLowerCase();
  const row = sources.find((one) => one.source.toLowerCase() === low || one.displayName.toLowerCase() === low);
  return row?.source ?? answer;
}

function usualName(source: string): string {
  return (findSource(source)?.source ?? "").replaceAll(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
}

async function askStores(given: IntegrationWish, person: Questions, control: ControlPlane) {
  if (given.stores.length > 0 || given.newStore !== undefined) return {};
  const there = (await control.listStores()).map(({ name }) => name);
  const answer = await person.ask(
    `Event data store: one of ${there.join(", ") || "none that is there yet"}, or the name of a new one`,
    there[0] ?? "audit",
  );
  if (answer.startsWith("arn:") || there.includes(answer)) return { stores: [answer] };
  const days = given.retentionDays ?? Number(await person.ask("How many days it keeps events, from 7 to 2557", "2557"));
  return { newStore: answer, retentionDays: days };
}

async function askPolicy(
  given: IntegrationWish & { readonly source: string },
  person: Questions,
  control: ControlPlane,
): Promise<Partial<IntegrationWish>> {
  const row = findSource(given.source);
  const direct = row?.type === "direct";
  let { principals } = given;
  if (principals === undefined && (row?.partnerAccountIds.length ?? 0) === 0) {
    const question = direct
      ? `${row.displayName} calls from its own AWS account. Its account ids, as it names them to you`
      : "Who may send: account ids, or ARNs of users and roles, with blanks between";
    const usual = direct ? undefined : (await callerOf(control))?.accountId;
    const answer = await person.ask(question, usual);
    principals = answer.split(/[\s,]+/).filter((one) => one !== "");
  }
  const named = principals === undefined ? {} : { principals };
  if (given.externalId !== undefined || given.generateExternalId) return named;
  const answer = direct
    ? await person.ask("External id that the partner gave you, or new for one to give to the partner", "new")
    : await person.ask("External id that every call must bring: one of yours, new, or none", "none");
  if (answer === "new") return { ...named, generateExternalId: true };
  return answer === "none" && !direct ? named : { ...named, externalId: answer };
}

/** Only a proposal hangs on it. */
async function callerOf(control: ControlPlane): Promise<Caller | undefined> {
  try {
    return await control.caller();
  } catch (error) {
    if (error instanceof ControlError) return undefined;
    throw error;
  }
}
