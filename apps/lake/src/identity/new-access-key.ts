import type { AccessKey } from "../catalog/control-catalog.ts";
import type { ControlView } from "../control/control-view.ts";
import type { DataKeys } from "../secrets/data-keys.ts";
import { randomId } from "./random-id.ts";

export interface KeyEnvironment {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly dataKeys: Pick<DataKeys, "of">;
}

/** A key as it is kept, and its secret, which is kept sealed alone. */
export interface NewAccessKey {
  readonly accessKey: AccessKey;
  readonly secretAccessKey: string;
}

/** An enabled access key for an identity: a random id and a random secret. */
export function newAccessKey(
  view: ControlView,
  identityArn: string,
  { now, randomBytes, dataKeys }: KeyEnvironment,
): NewAccessKey {
  const accessKeyId = randomId("TRIB", randomBytes);
  const secretAccessKey = Buffer.from(randomBytes(30)).toString("base64");
  const sealedSecret = dataKeys.of(view.state).seal("access-key-secret", accessKeyId, secretAccessKey);
  return { accessKey: { accessKeyId, sealedSecret, identityArn, enabled: true, createdAt: now }, secretAccessKey };
}
