import { isDeepStrictEqual } from "node:util";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const accountId = "111122223333";
const region = "us-east-1";
const externalId = "rehearsal-0001";

/**
 * Uses the release in an empty project: installs lake, forwarder and a stranger's adapter, serves a lake, forwards the samples
 * through the adapter and finds them by SQL.
 */
export async function useRelease(stage, release, adapter) {
  const project = await installInEmptyProject(stage, release, adapter);
  const lake = await startLake(stage, project);
  // The project's own copy, installed as a stranger would.
  const sdk = createRequire(join(project.directory, "package.json"))("@aws-sdk/client-cloudtrail");
  const client = new sdk.CloudTrailClient({ region, ...lake, maxAttempts: 1 });
  const integration = await stage.step("create an event data store and a channel with its policy", () =>
    createIntegration(sdk, client),
  );
  await forwardSamples(stage, project, adapter, lake, integration);
  await stage.step("find the events by SQL", async () => {
    const columns = "eventData.UID, eventData.eventName, eventData.sourceIPAddress";
    const rows = await ask(sdk, client, `SELECT ${columns} FROM ${integration.storeId} ORDER BY eventData.eventTime`);
    const wanted = adapter.samples.records.map(({ id, action, ip }) => [id, action, ip]);
    if (!isDeepStrictEqual(rows, wanted))
      throw new Error(`Asked for ${JSON.stringify(wanted)}, the lake answers ${JSON.stringify(rows)}.`);
  });
  client.destroy();
  await stage.step("npx @tributary/conformance ingest, in an empty folder", async () => {
    const empty = stage.path("empty");
    mkdirSync(empty);
    const command = [
      "--yes",
      "@tributary/conformance",
      "ingest",
      "--endpoint",
      lake.endpoint,
      "--yes",
      "--strict",
      "--quiet",
    ];
    const env = {
      ...stage.environments.stranger,
      AWS_ACCESS_KEY_ID: lake.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: lake.credentials.secretAccessKey,
    };
    await stage.run("npx", command, { cwd: empty, env });
  });
  await stage.step("stop the lake and prove its files", async () => {
    await lake.stop();
    await project.npx(["tributary-lake", "verify", "--data", project.data]);
  });
}

/** Answers the project's folder, the lake's, and a function that runs a command of an installed package. */
async function installInEmptyProject(stage, release, adapter) {
  const directory = stage.path("project");
  const npx = (args, env = {}) =>
    stage.run("npx", ["--no", "--", ...args], { cwd: directory, env: { ...stage.environments.stranger, ...env } });
  mkdirSync(directory);
  await stage.step("install forwarder, lake and adapter in an empty project", async () => {
    writeFileSync(join(directory, "package.json"), JSON.stringify({ name: "project", private: true }));
    const sdk = `@aws-sdk/client-cloudtrail@${sdkVersion(release)}`;
    const packages = ["@tributary/forwarder", "@tributary/lake", adapter.name, sdk];
    await stage.run("npm", ["install", ...packages], { cwd: directory });
    // Fails when a peer is missing or its range is not met.
    await stage.run("npm", ["ls", "--all"], { cwd: directory });
    const kits = await stage.run("npm", ["query", '[name="@tributary/adapter-kit"]'], { cwd: directory });
    const count = JSON.parse(kits).length;
    if (count !== 1) throw new Error(`There are ${count} adapter-kits in the project: some ranges do not agree.`);
  });
  await stage.step("list the adapters that come with the forwarder", async () => {
    const known = JSON.parse(await npx(["tributary", "adapters", "--json"])).map(
      ({ name }) => `@tributary/adapter-${name}`,
    );
    const published = release.packages.map(({ name }) => name).filter((name) => /\/adapter-(?!kit$)/.test(name));
    if (!isDeepStrictEqual(known.toSorted(), published.toSorted()))
      throw new Error(`The forwarder knows ${known.join(", ")}; published are ${published.join(", ")}.`);
  });
  return { directory, data: join(directory, "lake"), npx };
}

/** Answers endpoint and credentials of a new lake, and a function that stops it. */
async function startLake(stage, { directory, data, npx }) {
  return await stage.step("make an identity and start the lake", async () => {
    const user = ["--data", data, "--account", accountId, "--name", "rehearsal", "--administrator", "--json"];
    const credentials = JSON.parse(await npx(["tributary-lake", "identity", "create", ...user]));
    const serve = ["tributary-lake", "serve", "--data", data, "--region", region, "--port", "0", "--json"];
    const { value: endpoint, stop } = await stage.start("lake", "npx", ["--no", "--", ...serve], {
      cwd: directory,
      ready: (said) => /"url":"([^"]+)"/.exec(said)?.[1],
    });
    return { endpoint, credentials, stop };
  });
}

async function forwardSamples(stage, { directory, npx }, adapter, { endpoint, credentials }, { channelArn }) {
  await stage.step(`tributary forward --adapter ${adapter.name}`, async () => {
    const to = ["--channel-arn", channelArn, "--external-id", externalId, "--endpoint", endpoint];
    const from = ["--adapter", adapter.name, "--state", join(directory, "state"), "--json", adapter.samples.file];
    const said = await npx(["tributary", "forward", ...to, ...from], {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    });
    const { read, delivered } = JSON.parse(said);
    const wanted = adapter.samples.records.length;
    if (read !== wanted || delivered !== wanted)
      throw new Error(`Of ${wanted} records ${read} were read and ${delivered} delivered.`);
  });
}

/** The SDK's version that the lake is tested with. */
function sdkVersion({ directory, packages }) {
  const { path } = packages.find(({ name }) => name === "@tributary/lake");
  const { devDependencies } = JSON.parse(readFileSync(join(directory, path, "package.json"), "utf8"));
  return devDependencies["@aws-sdk/client-cloudtrail"];
}

async function createIntegration(sdk, client) {
  const { EventDataStoreArn } = await client.send(
    new sdk.CreateEventDataStoreCommand({
      Name: "rehearsal",
      MultiRegionEnabled: false,
      AdvancedEventSelectors: [{ FieldSelectors: [{ Field: "eventCategory", Equals: ["ActivityAuditLog"] }] }],
    }),
  );
  const { ChannelArn } = await client.send(
    new sdk.CreateChannelCommand({
      Name: "rehearsal",
      Source: "Custom",
      Destinations: [{ Type: "EVENT_DATA_STORE", Location: EventDataStoreArn }],
    }),
  );
  const policy = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: "cloudtrail-data:PutAuditEvents",
        Resource: ChannelArn,
        Condition: { StringEquals: { "cloudtrail:ExternalId": externalId } },
      },
    ],
  };
  await client.send(
    new sdk.PutResourcePolicyCommand({ ResourceArn: ChannelArn, ResourcePolicy: JSON.stringify(policy) }),
  );
  return { channelArn: ChannelArn, storeId: EventDataStoreArn.split("/").at(-1) };
}

/** The rows of an answer as arrays of texts. Throws with the lake's message when the query fails. */
async function ask(sdk, client, statement) {
  const { QueryId } = await client.send(new sdk.StartQueryCommand({ QueryStatement: statement }));
  for (const deadline = performance.now() + 60_000; performance.now() < deadline; await wait(50)) {
    const answer = await client.send(new sdk.GetQueryResultsCommand({ QueryId }));
    if (answer.QueryStatus === "FINISHED")
      return answer.QueryResultRows.map((row) => row.flatMap((cell) => Object.values(cell)));
    if (!["QUEUED", "RUNNING"].includes(answer.QueryStatus))
      throw new Error(`The query ended as ${answer.QueryStatus}: ${answer.ErrorMessage ?? "no reason given"}.`);
  }
  throw new Error("The query did not end within a minute.");
}
