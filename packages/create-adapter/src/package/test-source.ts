/** The new package's test: the adapter suite over its fixtures. */
export function testSource(adapterId: string): string {
  return `import { adapterSuite } from "@tributary/adapter-kit/suite";
import { test } from "vitest";
import { ${adapterId} } from "../src/index.ts";

adapterSuite({ test, adapter: ${adapterId}, fixtures: new URL("fixtures/", import.meta.url) });
`;
}
