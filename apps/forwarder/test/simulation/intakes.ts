import type { Issued } from "./issued.ts";
import { polledOf } from "./polled-of.ts";
import type { World } from "./world.ts";

/** Records that came into the queue of one destination together, and how often that may have been. */
export interface Intake {
  readonly records: readonly Issued[];
  readonly least: number;
  readonly most: number;
}

/** What came into the queue of one destination, by what senders were answered and by the cursor of the poller. */
export function intakesOf(world: World, integration: number, destination: number): readonly Intake[] {
  const pages = world.vendor(integration).read(polledOf(world, integration));
  const polled = pages.flatMap(({ records, destinations }) =>
    destinations.includes(destination) ? [{ records, least: 1, most: 1 }] : [],
  );
  const pushed = world.deliveries.flatMap(({ integration: to, records, key, attempts }): Intake[] => {
    if (to !== integration) return [];
    // What is refused is not stored, unless the state failed when it was to be.
    const maybe = attempts.filter(
      ({ destinations, status, isDoubtful }) =>
        destinations !== undefined && (status === undefined || status === 200 || isDoubtful),
    );
    const here = maybe.filter(({ destinations }) => destinations!.includes(destination));
    const taken = here.filter(({ status }) => status === 200);
    if (key === undefined) return [{ records, least: taken.length, most: here.length }];
    // One that is known by its key is answered 200, and not stored again while it is remembered.
    const isSure = maybe.some(({ status }) => status === 200) && maybe.length === here.length;
    const most = world.hasJumped ? here.length : Math.min(1, here.length);
    return [{ records, least: isSure ? 1 : 0, most }];
  });
  return [...polled, ...pushed].filter(({ most }) => most > 0);
}
