import type { Channel, ControlPlane, EventDataStore, Tags } from "./control-plane.ts";
import { ControlError } from "./control-error.ts";

/** A channel with what else the API tells of it. */
export interface ObservedChannel extends Channel {
  readonly policy: string | undefined;
  readonly tags: Tags;
}

export interface ObservedStore extends EventDataStore {
  readonly tags: Tags;
}

/** Channels and stores of an account and region, as they are. */
export interface Observed {
  readonly channels: readonly ObservedChannel[];
  readonly stores: readonly ObservedStore[];
}

export interface ObserveOptions {
  /** Names of the channels whose policies are needed. */
  readonly channels: ReadonlySet<string>;
  /** Whether tags are needed. */
  readonly tags: boolean;
}

/**
 * Reads what is there. What is denied of a channel that was not asked for is left out; other refusals are thrown
 * ({@link ControlError}).
 */
export async function observe(
  control: ControlPlane,
  { channels: asked, tags: withTags }: ObserveOptions,
): Promise<Observed> {
  const [listed, listedStores] = await Promise.all([control.listChannels(), control.listStores()]);
  const channels: (Channel & { readonly policy: string | undefined })[] = [];
  for (const { arn, name } of listed) {
    const channel = await readable(asked.has(name), control.getChannel(arn));
    if (channel === undefined) continue;
    channels.push({ ...channel, policy: asked.has(name) ? await control.getPolicy(arn) : undefined });
  }
  const stores: EventDataStore[] = [];
  for (const { arn } of listedStores) {
    const store = await readable(false, control.getStore(arn));
    if (store !== undefined) stores.push(store);
  }
  const tagged = [...channels, ...stores.filter(({ status }) => status !== "PENDING_DELETION")].map(({ arn }) => arn);
  const tags = withTags ? await control.tags(tagged) : new Map<string, Tags>();
  return {
    channels: channels.map((one) => ({ ...one, tags: tags.get(one.arn) ?? {} })),
    stores: stores.map((one) => ({ ...one, tags: tags.get(one.arn) ?? {} })),
  };
}

/** An answer; of what was not asked for, none where it is denied. */
async function readable<T>(asked: boolean, answer: Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (!asked && error instanceof ControlError && error.code === "CONTROL_DENIED") return undefined;
    throw error;
  }
}
