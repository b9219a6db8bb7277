import { describe, expect, test } from "vitest";
import { dataPlaneUrl, type EndpointParameters } from "../src/endpoint.ts";

describe("the documented hosts", () => {
  test.each<[EndpointParameters, string]>([
    [{ Region: "us-east-1" }, "https://cloudtrail-data.us-east-1.amazonaws.com/"],
    [{ Region: "eu-central-1", UseFIPS: true }, "https://cloudtrail-data-fips.eu-central-1.amazonaws.com/"],
    [{ Region: "us-east-1", UseDualStack: true }, "https://cloudtrail-data.us-east-1.api.aws/"],
    [{ Region: "us-east-1", UseFIPS: true, UseDualStack: true }, "https://cloudtrail-data-fips.us-east-1.api.aws/"],
    [{ Region: "eu-isoe-west-1" }, "https://cloudtrail-data.eu-isoe-west-1.cloud.adc-e.uk/"],
    [{ Region: "us-gov-west-1", UseFIPS: true }, "https://cloudtrail-data-fips.us-gov-west-1.amazonaws.com/"],
    [{ Region: "us-east-1", Endpoint: "http://127.0.0.1:8080/lake" }, "http://127.0.0.1:8080/lake"],
  ])("%j: %s", (parameters, url) => expect(dataPlaneUrl(parameters).href).toBe(url));

  test.each<[EndpointParameters, RegExp]>([
    [{}, /Missing Region/],
    [{ Region: "us-east-1", Endpoint: "localhost:8080" }, /"localhost:8080" is not an http: or https: URL/],
    [{ Region: "us-east-1", Endpoint: "127.0.0.1:8080" }, /is not an http/],
    [{ Region: "" }, /Missing Region/],
    [{ Region: "us-east-1", Endpoint: "http://127.0.0.1:8080", UseFIPS: true }, /FIPS and custom endpoint/],
    [{ Region: "us-east-1", Endpoint: "http://127.0.0.1:8080", UseDualStack: true }, /Dualstack and custom endpoint/],
  ])("%j: %s", (parameters, message) => expect(() => dataPlaneUrl(parameters)).toThrow(message));
});
