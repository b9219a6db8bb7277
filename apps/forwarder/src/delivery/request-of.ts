import { bodyOf, eventOf, type Parcel } from "./parcel.ts";
import type { SendRequest } from "./sender.ts";

/** The request that carries parcels to a channel. */
export function requestOf(
  parcels: readonly Parcel[],
  { channelArn, externalId }: { readonly channelArn: string; readonly externalId?: string | undefined },
): SendRequest {
  return {
    channelArn,
    ...(externalId === undefined ? {} : { externalId }),
    // Made where a sender asks for them: ours takes the body.
    get auditEvents() {
      return parcels.map(({ entry }) => eventOf(entry));
    },
    body: () => bodyOf(parcels),
  };
}
