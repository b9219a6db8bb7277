import type { World } from "./world.ts";

/** The cursor of an integration's poller, as the state has it. */
export function polledOf(world: World, integration: number): string | undefined {
  const cursor = world.ask("SELECT cursor FROM polled WHERE name = ?", `toy-${integration}`)[0]?.["cursor"];
  return typeof cursor === "string" ? cursor : undefined;
}
