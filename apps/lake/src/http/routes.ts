import type { Routes } from "./http-server.ts";
import type { LakeRequest } from "./lake-request.ts";
import { awsJson11, restJson1 } from "./protocol.ts";
import { WireError } from "./wire-error.ts";

/** A plane of the service: takes a request, answers the operation's output. */
export interface Plane {
  handle(request: LakeRequest): Promise<unknown>;
}

/** One port for both planes: `POST /PutAuditEvents` is the data plane, `POST /` the control plane. Spec section 5. */
export function createRoutes(planes: { readonly data: Plane; readonly control: Plane }): Routes {
  return {
    protocol: (rawPath) => (rawPath === "/PutAuditEvents" ? restJson1 : awsJson11),
    handle: (request) => {
      if (request.method === "POST" && request.rawPath === "/PutAuditEvents") return planes.data.handle(request);
      if (request.method === "POST" && request.rawPath === "/") return planes.control.handle(request);
      throw new WireError(
        "UnknownOperationException",
        "There is POST /PutAuditEvents and POST / with X-Amz-Target, nothing else.",
        { status: 404 },
      );
    },
  };
}
