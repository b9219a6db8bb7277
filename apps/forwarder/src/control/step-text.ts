import type { Step } from "./plan.ts";

const words: Readonly<Record<Step["kind"], string>> = {
  createStore: "create the event data store",
  createChannel: "create the channel",
  putPolicy: "put the policy of the channel",
  setDestinations: "set the stores of the channel",
  setRetention: "set the retention of the event data store",
  deletePolicy: "delete the policy of the channel",
  tagStore: "tag the event data store",
  tagChannel: "tag the channel",
  deleteChannel: "delete the channel",
  endProtection: "switch off the termination protection of the event data store",
  deleteStore: "delete the event data store",
};

/** A step in words: `create the channel okta`. */
export function stepText({ kind, name }: Step): string {
  return `${words[kind]} ${name}`;
}
