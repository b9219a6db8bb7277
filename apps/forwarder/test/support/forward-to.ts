import { lineAdapter } from "./command.ts";
import { channelArn, type Scene } from "./scene.ts";

/** The arguments of `tributary forward` with a scene's state, the line adapter and a server. */
export const forwardTo = (place: Scene, endpoint: string, ...more: readonly string[]): string[] => [
  "forward",
  "--adapter",
  lineAdapter,
  "--channel-arn",
  channelArn,
  "--endpoint",
  endpoint,
  "--state",
  place.statePath,
  ...more,
];
