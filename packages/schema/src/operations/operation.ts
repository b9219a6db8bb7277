import type { TObject, TSchema } from "@sinclair/typebox";
import type { ControlErrorCode } from "../errors/control-error-codes.ts";

/** An operation of the control plane: `X-Amz-Target: CloudTrail_20131101.{name}`. Spec 2.1. */
export interface Operation {
  readonly request: TObject;
  readonly response: TSchema;
  /** Errors in its model; the common ones can come from any operation. */
  readonly errors: readonly ControlErrorCode[];
  /** Whether the model calls it idempotent. */
  readonly idempotent: boolean;
}
