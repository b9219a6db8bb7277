import { textAt, valueAt } from "@tributary/adapter-kit";
import type { Json, PollHost, Secret } from "@tributary/adapter-kit";
import { linkWithin, readAnswer, tokenFetch, VendorError } from "@tributary/adapter-kit/poll";
import { apiHosts } from "./api-hosts.ts";
import type { Region } from "./api-hosts.ts";

/** A feed (partition) as discovery lists it. */
export interface Feed {
  readonly id: string;
  readonly url: URL;
  readonly sessionToken: string;
  readonly refreshUrl: URL;
  readonly refreshSeconds: number;
}

/** The parts of the Falcon API that reading feeds needs. */
export interface FalconApi {
  /** The feeds that may be opened now; none while another connection of the same appId holds them. */
  feeds(): Promise<readonly Feed[]>;
  /** Connects to a feed at an offset. The answer's body is the feed. */
  connect(feed: Feed, offset: number): Promise<Response>;
  /** Keeps a feed's session. False when the session is gone. */
  refresh(feed: Feed): Promise<boolean>;
}

export interface FalconOptions {
  readonly region: Region;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly appId: string;
  readonly eventTypes?: readonly string[] | undefined;
}

/** The API of the options' cloud, by `host.fetch`, with an access token that is renewed in time. */
export function falconApi(host: PollHost<FalconOptions>): FalconApi {
  const { region, clientId, clientSecret, appId, eventTypes } = host.options;
  const api = new URL(`https://${apiHosts[region]}`);
  const send = tokenFetch(host, {
    ask: async () => {
      const answer = await readAnswer(
        await host.fetch(new URL("/oauth2/token", api), {
          method: "POST",
          headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret.reveal() }).toString(),
        }),
        { what: `an access token of CrowdStrike (${api.host}; another region has another host)` },
      );
      const token = textAt(answer.value, "access_token");
      const expiresInSeconds = Number(textAt(answer.value, "expires_in"));
      if (token === undefined || !(expiresInSeconds > 0)) throw lacks("an access token", "access_token and expires_in");
      return { token, expiresInSeconds };
    },
  });

  return {
    async feeds() {
      const url = new URL("/sensors/entities/datafeed/v2", api);
      url.searchParams.set("appId", appId);
      const answer = await readAnswer(await send(url, { headers: { Accept: "application/json" } }), {
        what: "the feeds of CrowdStrike",
      });
      const resources = valueAt(answer.value, "resources");
      if (resources === null) return [];
      if (!Array.isArray(resources)) throw lacks("the feeds", "resources");
      return (resources as readonly Json[]).map((resource) => feedOf(api, resource));
    },

    async connect(feed, offset) {
      const url = new URL(feed.url);
      url.searchParams.set("offset", String(offset));
      if (eventTypes !== undefined) url.searchParams.set("eventType", eventTypes.join(","));
      return host.fetch(url, {
        headers: { Accept: "application/json", Authorization: `Token ${feed.sessionToken}` },
      });
    },

    async refresh(feed) {
      const url = new URL(feed.refreshUrl);
      url.searchParams.set("action_name", "refresh_active_stream_session");
      url.searchParams.set("appId", appId);
      const response = await send(url, { method: "POST", headers: { Accept: "application/json" } });
      await response.body?.cancel();
      return response.ok;
    },
  };
}

function feedOf(api: URL, resource: Json): Feed {
  const dataFeed = textAt(resource, "dataFeedURL");
  const sessionToken = textAt(resource, "sessionToken", "token");
  const refresh = textAt(resource, "refreshActiveSessionURL");
  const refreshSeconds = valueAt(resource, "refreshActiveSessionInterval");
  if (
    dataFeed === undefined ||
    sessionToken === undefined ||
    refresh === undefined ||
    typeof refreshSeconds !== "number"
  )
    throw lacks("a feed", "dataFeedURL, sessionToken, refreshActiveSessionURL and refreshActiveSessionInterval");
  const url = feedUrl(api, dataFeed);
  const id = /\/sensors\/entities\/datafeed\/v\d\/([0-9A-Za-z]{1,64})$/.exec(url.pathname)?.[1];
  if (id === undefined) throw lacks("a feed", "a dataFeedURL that ends with the feed's id");
  return { id, url, sessionToken, refreshUrl: linkWithin(api, refresh), refreshSeconds };
}

/** Feeds are on a host of their own beside the API's: the session is sent to hosts of that domain only. */
function feedUrl(api: URL, link: string): URL {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  const domain = `.${api.hostname.split(".").slice(-2).join(".")}`;
  const isOurs = url?.protocol === "https:" && url.port === "" && url.hostname.endsWith(domain) && url.username === "";
  return isOurs ? url : linkWithin(api, link);
}

function lacks(what: string, members: string): VendorError {
  return new VendorError("VENDOR_ANSWER_INVALID", `CrowdStrike's answer for ${what} lacks ${members}.`);
}
