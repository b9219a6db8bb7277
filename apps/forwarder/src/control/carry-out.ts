import { TributaryError } from "@tributary/schema";
import { sleep } from "../daemon/sleep.ts";
import type { Clock } from "../delivery/clock.ts";
import { channelPolicyText } from "./channel-policy-text.ts";
import { ControlError } from "./control-error.ts";
import type { ControlPlane } from "./control-plane.ts";
import { type Plan, type Step, stepsOf, type StoreRef } from "./plan.ts";

/** What was done of a plan. */
export interface CarriedOut {
  readonly done: readonly Step[];
  /** ARNs of channels by name, those that were there included. */
  readonly channels: ReadonlyMap<string, string>;
  readonly stores: ReadonlyMap<string, string>;
  /** Undefined where all was done. What is done stays: nothing is taken back. */
  readonly stopped: { readonly at: Step; readonly error: TributaryError; readonly left: readonly Step[] } | undefined;
}

export interface CarryOutOptions {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Called after each step. */
  readonly onDone?: ((step: Step) => void) | undefined;
  /** Called when a step must wait, with the server's reason. */
  readonly onWait?: ((step: Step, reason: string) => void) | undefined;
}

/**
 * Does the steps of a plan, one after the other, and stops at the first that fails. The same plan made anew goes on from
 * there. Throws what is no TributaryError.
 */
export async function carryOut(plan: Plan, control: ControlPlane, options: CarryOutOptions): Promise<CarriedOut> {
  const ofKind = (what: "store" | "channel") =>
    new Map(
      plan.items.flatMap((item) => (item.what === what && item.arn !== undefined ? [[item.name, item.arn]] : [])),
    );
  const stores = ofKind("store");
  const channels = ofKind("channel");
  const steps = stepsOf(plan);
  for (const [index, step] of steps.entries()) {
    try {
      if (options.signal.aborted)
        throw new TributaryError("Stopped by a signal. Run it again to go on.", {
          code: "INTERRUPTED",
          retryable: true,
        });
      await whenReady(step, () => doStep(step, control, stores, channels), options);
    } catch (error) {
      if (!(error instanceof TributaryError)) throw error;
      const stopped = { at: step, error, left: steps.slice(index + 1) };
      return { done: steps.slice(0, index), channels, stores, stopped };
    }
    options.onDone?.(step);
  }
  return { done: steps, channels, stores, stopped: undefined };
}

/** The service's names for "not ready yet": what was made a moment ago may take minutes to be known everywhere. */
const unready: ReadonlySet<string> = new Set(["ConflictException", "InactiveEventDataStoreException"]);
const longestWaitMs = 16_000;
const patienceMs = 180_000;

/** Does a step; waits where what it is about is not ready yet, three minutes at the most. */
async function whenReady(
  step: Step,
  done: () => Promise<void>,
  { clock, signal, onWait }: CarryOutOptions,
): Promise<void> {
  const until = clock.monotonic() + patienceMs;
  for (let wait = 1000; ; wait = Math.min(2 * wait, longestWaitMs))
    try {
      await done();
      return;
    } catch (error) {
      const waits = error instanceof ControlError && unready.has(error.wireName) && !signal.aborted;
      if (!waits || clock.monotonic() + wait > until) throw error;
      if (wait === 1000) onWait?.(step, error.message);
      await sleep(clock, wait, signal);
    }
}

async function doStep(
  step: Step,
  control: ControlPlane,
  stores: Map<string, string>,
  channels: Map<string, string>,
): Promise<void> {
  const arnsOf = (refs: readonly StoreRef[]) => refs.map((ref) => ("arn" in ref ? ref.arn : known(stores, ref.made)));
  switch (step.kind) {
    case "createStore":
      stores.set(step.name, await createdStore(step, control));
      return;
    case "createChannel":
      channels.set(step.name, await createdChannel(step, arnsOf(step.stores), control));
      return;
    case "putPolicy": {
      const arn = known(channels, step.name);
      return control.putPolicy(arn, channelPolicyText(step.senders, arn));
    }
    case "setDestinations":
      return control.setDestinations(step.arn, arnsOf(step.stores));
    case "setRetention":
      return control.setRetention(step.arn, step.days);
    case "deletePolicy":
      return control.deletePolicy(step.arn);
    case "tagStore":
    case "tagChannel":
      return control.addTags(step.arn, step.tags);
    case "deleteChannel":
      return gone(["ChannelNotFoundException"], control.deleteChannel(step.arn));
    case "endProtection":
      return control.endProtection(step.arn);
    case "deleteStore":
      return gone(
        ["EventDataStoreNotFoundException", "InactiveEventDataStoreException"],
        control.deleteStore(step.arn),
      );
  }
}

/** A call may have taken effect though its answer was lost; then the client's own second attempt finds it there. */
async function createdStore(step: Step & { readonly kind: "createStore" }, control: ControlPlane): Promise<string> {
  try {
    return await control.createStore(step);
  } catch (error) {
    if (!(error instanceof ControlError) || error.wireName !== "EventDataStoreAlreadyExistsException") throw error;
    const there = (await control.listStores()).find(({ name }) => name === step.name);
    if (there === undefined) throw error;
    return there.arn;
  }
}

async function createdChannel(
  step: Step & { readonly kind: "createChannel" },
  stores: readonly string[],
  control: ControlPlane,
): Promise<string> {
  try {
    return await control.createChannel({ ...step, stores });
  } catch (error) {
    if (!(error instanceof ControlError) || error.wireName !== "ChannelAlreadyExistsException") throw error;
    const there = (await control.listChannels()).find(({ name }) => name === step.name);
    const channel = there && (await control.getChannel(there.arn));
    if (channel?.source !== step.source) throw error;
    return channel.arn;
  }
}

async function gone(names: readonly string[], call: Promise<void>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ControlError) || !names.includes(error.wireName)) throw error;
  }
}

function known(arns: ReadonlyMap<string, string>, name: string): string {
  const arn = arns.get(name);
  if (arn !== undefined) return arn;
  throw new Error(`A step needs ${name} before another has made it.`);
}
