import { expect, test } from "vitest";
import { DeliveryService, type DeliveryServices } from "../src/delivery/delivery-service.ts";

/** A step of the promises that are under way. */
const ticks = async (count: number): Promise<void> => {
  for (let tick = 0; tick < count; tick++) await Promise.resolve();
};

test("whenever a query finishes, what is pending is looked at once more", async () => {
  for (let delay = 0; delay < 20; delay++) {
    let looks = 0;
    let wokenAfter = 0;
    let service: DeliveryService | undefined;
    const wakeLater = async (): Promise<void> => {
      await ticks(delay);
      wokenAfter = looks;
      service?.wake();
    };
    const services = {
      catalog: {
        pendingDeliveries: () => {
          looks += 1;
          if (looks === 1) void wakeLater();
          return Promise.resolve([]);
        },
      },
      log: (entry: unknown) => expect.unreachable(JSON.stringify(entry)),
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing is pending, so nothing else is used
    service = new DeliveryService(services as unknown as DeliveryServices);
    await ticks(100);
    expect({ delay, looks, wokenAfter }).toEqual({ delay, looks: 2, wokenAfter: 1 });
    await service.close();
  }
});
