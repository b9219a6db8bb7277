import { secretFrom } from "@tributary/adapter-kit/poll";
import { pollSuite } from "@tributary/adapter-kit/suite";
import { test } from "vitest";
import { crowdstrike } from "../src/index.ts";
import { client, falcon } from "./crowdstrike-api.ts";

pollSuite({
  test,
  adapter: crowdstrike,
  options: {
    region: "us-2",
    clientId: client.clientId,
    clientSecret: secretFrom(client.clientSecret),
    appId: "tributary1",
  },
  vendor: falcon,
  record: (n, at) => ({
    feed: String(n % 2),
    line: {
      metadata: {
        customerIDString: "a1b2c3d4e5f60718293a4b5c6d7e8f90",
        offset: 1_470_000_000 + Math.floor(n / 2),
        eventType: "AuthActivityAuditEvent",
        eventCreationTime: at,
        version: "1.0",
      },
      event: {
        UserId: `user${n}@example.com`,
        UserIp: "192.0.2.23",
        OperationName: "userAuthenticate",
        ServiceName: "CrowdStrike Authentication",
        Success: n % 5 !== 0,
        UTCTimestamp: Math.floor(at / 1000),
      },
    },
  }),
});
