import type { Origin } from "./origin.ts";

export interface MapContext<Options> {
  readonly options: Options;
  readonly origin: Origin;
  readonly accountId: string;
}
