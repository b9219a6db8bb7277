import { type ControlErrorCode, controlErrorCodes } from "@tributary/schema";
import { WireError } from "../http/wire-error.ts";

/** A control-plane error with the status of the model. Spec A.27. */
export function controlError(code: ControlErrorCode, message: string, cause?: unknown): WireError {
  return new WireError(code, message, { status: controlErrorCodes[code].status, cause });
}
