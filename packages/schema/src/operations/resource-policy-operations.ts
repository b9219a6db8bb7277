import type { Operation } from "./operation.ts";
import * as shapes from "../shapes/resource-policies.ts";

/** Spec 2.5. */
export const resourcePolicyOperations = {
  PutResourcePolicy: {
    request: shapes.PutResourcePolicyRequest,
    response: shapes.PutResourcePolicyResponse,
    errors: [
      "ResourceARNNotValidException",
      "ResourcePolicyNotValidException",
      "ResourceNotFoundException",
      "ResourceTypeNotSupportedException",
      "ConflictException",
      "OperationNotPermittedException",
      "UnsupportedOperationException",
    ],
    idempotent: true,
  },
  GetResourcePolicy: {
    request: shapes.GetResourcePolicyRequest,
    response: shapes.GetResourcePolicyResponse,
    errors: [
      "ResourceARNNotValidException",
      "ResourceNotFoundException",
      "ResourcePolicyNotFoundException",
      "ResourceTypeNotSupportedException",
      "OperationNotPermittedException",
      "UnsupportedOperationException",
    ],
    idempotent: true,
  },
  DeleteResourcePolicy: {
    request: shapes.DeleteResourcePolicyRequest,
    response: shapes.DeleteResourcePolicyResponse,
    errors: [
      "ResourceARNNotValidException",
      "ResourceNotFoundException",
      "ResourcePolicyNotFoundException",
      "ResourceTypeNotSupportedException",
      "ConflictException",
      "OperationNotPermittedException",
      "UnsupportedOperationException",
    ],
    idempotent: true,
  },
} as const satisfies Readonly<Record<string, Operation>>;
