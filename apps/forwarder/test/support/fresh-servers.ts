import { afterAll, beforeAll, beforeEach } from "vitest";
import { type FakeVendor, fakeVendor } from "./fake-vendor.ts";
import { accept, scriptedServer, type ScriptedServer } from "./scripted-server.ts";

/**
 * Lakes and a vendor for all tests of a file, as new at the beginning of each: the lakes take everything, the vendor has no events.
 * @param given is called once, before the first test
 */
export function freshServers(
  count: number,
  given: (lakes: readonly ScriptedServer[], vendor: FakeVendor) => void,
): void {
  const lakes: ScriptedServer[] = [];
  let vendor: FakeVendor;
  beforeAll(async () => {
    for (let n = 0; n < count; n++) lakes.push(await scriptedServer());
    vendor = await fakeVendor();
    given(lakes, vendor);
  });
  beforeEach(() => {
    for (const lake of lakes) {
      lake.script = accept;
      lake.stored.clear();
      lake.requests.length = 0;
    }
    vendor.script = () => false;
    vendor.requests.length = 0;
    vendor.events.length = 0;
  });
  afterAll(async () => {
    for (const server of [...lakes, vendor]) await server.close();
  });
}
