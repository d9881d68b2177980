// An endpoint is judged as it is written: what one parser takes for this machine, or for one name, another takes for something else.
import { describe, expect, it } from "vitest";
import { STS, usableEndpoint } from "../../../../src/plan/aws/endpoint.ts";
import { EMPTY } from "../../../../src/config/merge.ts";

const endpoint = (url: string): string | undefined =>
  usableEndpoint({ AWS_ENDPOINT_URL_STS: url }, EMPTY, undefined, STS)?.endpoint;

describe("an endpoint", () => {
  it.each([
    ["https://sts.example.com", "https://sts.example.com/"],
    ["HTTPS://sts.example.com:8443/path", "https://sts.example.com:8443/path"],
    ["http://127.0.0.1:4566", "http://127.0.0.1:4566/"],
    ["http://127.1.2.3/", "http://127.1.2.3/"],
    ["http://LOCALHOST:4566/", "http://localhost:4566/"],
    ["http://[::1]:4566/", "http://[::1]:4566/"],
  ])("may be %s", (url, used) => {
    expect(endpoint(url)).toBe(used);
  });

  it.each([
    ...["https://evil\t.com/", "https://evil.com\n", " https://evil.com", "https:\\\\evil.com", "https:evil.com"],
    ...["https://", "https:///evil.com", "ftp://evil.com", "evil.com", "https://a b.com/", "https://evil.com/a b"],
    ...["https://user@evil.com/", "https://user:secret@evil.com/", "https://evil.com\u0000/"],
  ])("is not %j", (url) => {
    expect(() => endpoint(url)).toThrow(expect.objectContaining({ code: "setting-invalid" }) as Error);
  });

  it.each([
    ...[
      "http://127.1/",
      "http://2130706433/",
      "http://0x7f.1/",
      "http://127.0.0.1.evil.com/",
      "http://localhost.evil.com/",
    ],
    ...[
      "http://0/",
      "http://127.0.0.256/",
      "http://[::ffff:127.0.0.1]/",
      "http://10.0.0.1/",
      "http://127.0.0.1%2eevil.com/",
    ],
  ])("in plain http is not this machine's at %s", (url) => {
    expect(() => endpoint(url)).toThrow(
      expect.toSatisfy((error) =>
        ["endpoint-insecure", "setting-invalid"].includes((error as { code: string }).code),
      ) as Error,
    );
  });
});
