import { createServer, type ServerResponse } from "node:http";
import { isMembers } from "../src/core/members.ts";
import {
  type Exchange,
  type Identity,
  referenceLake,
  type Rules,
  rules,
  Wire,
  type WireRequest,
} from "../src/index.ts";

export const owner: Identity = {
  accountId: "111122223333",
  accessKeyId: "CONFORMANCEOWNER0001",
  secretAccessKey: "owner-secret",
};
export const other: Identity = {
  accountId: "444455556666",
  accessKeyId: "CONFORMANCEOTHER0001",
  secretAccessKey: "other-secret",
};
const region = "us-east-1";

/** When a request is answered; true: never. It is done all the same. `count`: how often that operation was asked. */
export type Silence = (operation: string, count: number) => boolean | Promise<boolean>;

/** The reference lake behind HTTP. */
export class LakeOverHttp {
  /** Operations in their order; PutAuditEvents by that name. */
  readonly asked: string[] = [];
  readonly #exchange: Exchange;
  readonly #server: ReturnType<typeof createServer>;

  private constructor(silent: Silence, changed: Rules) {
    this.#exchange = referenceLake(
      { region, identities: [owner, other], channels: [], now: () => Date.now() },
      changed,
    );
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const target = String(request.headers["x-amz-target"] ?? "PutAuditEvents");
        const operation = target.slice(target.lastIndexOf(".") + 1);
        this.asked.push(operation);
        const { rawHeaders: raw, method = "", url = "" } = request;
        const headers = raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1]!] as const] : []));
        const isSilent = silent(operation, this.asked.filter((one) => one === operation).length);
        void this.#answer({ method, target: url, headers, body: Buffer.concat(chunks) }, isSilent, response);
      });
    });
  }

  static async start(silent: Silence = () => false, changed: Rules = rules): Promise<LakeOverHttp> {
    const lake = new LakeOverHttp(silent, changed);
    await new Promise<void>((resolve) => lake.#server.listen(0, "127.0.0.1", resolve));
    return lake;
  }

  get endpoint(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  }

  /** ARNs of channels and of stores that nobody deleted. */
  async standing(): Promise<readonly string[]> {
    const wire = new Wire({ endpoint: this.endpoint, region, exchange: this.#exchange, owner, now: () => Date.now() });
    const list = async (operation: string, member: string) => {
      const found = (await wire.call(operation, {})).json?.[member];
      return Array.isArray(found) ? found.filter(isMembers) : [];
    };
    const stores = await list("ListEventDataStores", "EventDataStores");
    const waiting = await Promise.all(
      stores.map(async ({ EventDataStoreArn }) => {
        const store = await wire.call("GetEventDataStore", { EventDataStore: EventDataStoreArn });
        return store.json?.["Status"] === "PENDING_DELETION" ? [] : [String(EventDataStoreArn)];
      }),
    );
    return [...(await list("ListChannels", "Channels")).map(({ ChannelArn }) => String(ChannelArn)), ...waiting.flat()];
  }

  async #answer(request: WireRequest, isSilent: boolean | Promise<boolean>, response: ServerResponse): Promise<void> {
    const { status, headers, body } = await this.#exchange(request);
    if (!(await isSilent)) response.writeHead(status, Object.fromEntries(headers)).end(body);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
