import { TributaryError } from "@tributary/schema";
import type { Channel, ControlPlane, EventDataStore } from "./control-plane.ts";
import { namedChannel } from "./channel-report.ts";
import type { Plan, PlanItem } from "./plan.ts";

export interface Deletion {
  /** Name, ARN or id; undefined where only stores go. */
  readonly channel: string | undefined;
  /** Whether the channel's stores go too. */
  readonly withStores: boolean;
  /** More stores, by name, ARN or id. */
  readonly stores: readonly string[];
}

/**
 * What must be done to delete a channel and stores. A store that another channel delivers to is a problem of the plan.
 * Throws `CHANNEL_NOT_FOUND`, `STORE_NOT_FOUND` and {@link ControlError}.
 */
export async function planDeletion(
  { channel: name, withStores, stores: more }: Deletion,
  control: ControlPlane,
): Promise<Plan> {
  const named = name === undefined ? undefined : await namedChannel(name, control);
  const channel = named && (await control.getChannel(named.arn));
  const items: PlanItem[] = [];
  const problems: string[] = [];
  if (named !== undefined)
    items.push({
      what: "channel",
      ...named,
      verdict: "delete",
      differences: [
        "nothing is taken by it any more; its policy goes with it",
        "what it delivered stays in its stores",
      ],
      steps: [{ kind: "deleteChannel", ...named }],
    });
  const listed = more.length > 0 ? await control.listStores() : [];
  const arns = new Set(withStores ? channel?.stores : []);
  for (const one of more) {
    const found = listed.find(({ arn, name: known }) => arn === one || known === one || arn.endsWith(`/${one}`));
    if (found === undefined)
      throw new TributaryError(`There is no event data store ${one} in this account and region.`, {
        code: "STORE_NOT_FOUND",
      });
    arns.add(found.arn);
  }
  const others = arns.size === 0 ? [] : await otherChannels(named?.arn, control);
  for (const arn of arns) {
    const store = await control.getStore(arn);
    if (store === undefined) continue;
    const user = others.find(({ stores }) => stores.includes(arn));
    if (user !== undefined)
      problems.push(`The channel ${user.name} delivers to the event data store ${store.name} too: delete it first.`);
    items.push(storeItem(store));
  }
  return { items, problems, notes: [] };
}

function storeItem({ arn, name, status, terminationProtection }: EventDataStore): PlanItem {
  if (status === "PENDING_DELETION")
    return {
      what: "store",
      name,
      arn,
      verdict: "unchanged",
      differences: ["it waits for its deletion already"],
      steps: [],
    };
  return {
    what: "store",
    name,
    arn,
    verdict: "delete",
    differences: [
      ...(terminationProtection ? ["its termination protection is switched off"] : []),
      "its events are gone after seven days; until then aws cloudtrail restore-event-data-store brings it back",
    ],
    steps: [
      ...(terminationProtection ? [{ kind: "endProtection", name, arn } as const] : []),
      { kind: "deleteStore", name, arn },
    ],
  };
}

async function otherChannels(except: string | undefined, control: ControlPlane): Promise<readonly Channel[]> {
  const found: Channel[] = [];
  for (const { arn } of await control.listChannels()) {
    const channel = arn === except ? undefined : await control.getChannel(arn);
    if (channel !== undefined) found.push(channel);
  }
  return found;
}
