import { fixtureContext } from "@tributary/adapter-kit/suite";
import { expect, test } from "vitest";
import { crowdstrike } from "../src/index.ts";

const line = (offset: number, eventType: string) => ({
  metadata: { customerIDString: "a1b2", offset, eventType, eventCreationTime: 1_768_467_600_512, version: "1.0" },
  event: { UserId: "carla.mendes@example.com", OperationName: "userAuthenticate", Success: true },
});

test("a vertex among the lines of an array is refused, and the others are not", () => {
  const results = crowdstrike.map([line(1, "AuthActivityAuditEvent"), line(2, "Vertex")], fixtureContext);
  expect(results).toMatchObject([{ kind: "event" }, { kind: "refused", code: "THREAT_GRAPH_VERTEX" }]);
});
