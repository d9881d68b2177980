// What a failed call of STS means: the code, what is told, and what is left out of it.
import { describe, expect, it } from "vitest";
import type { XroleError } from "../../../src/errors/error.ts";
import { ProxyError } from "../../../src/util/http.ts";
import {
  isChainingRefusal,
  isIdentityDoubt,
  mayPass,
  ReplyFault,
  stsFailure,
  type Call,
} from "../../../src/sts/failure.ts";

const CALL: Call = { endpoint: "https://sts", role: "the-role", profile: "p", caller: "the caller", proxy: "proxy:1" };
/** An error as the SDK makes it. */
const thrown = (name: string, message = "no", status: number | null = 400, code?: string): Error =>
  Object.assign(new Error(message), {
    name,
    ...(code !== undefined && { code }),
    ...(status !== null && { $metadata: { httpStatusCode: status } }),
  });
const failed = (error: unknown, call: Partial<Call> = {}): XroleError => stsFailure(error, { ...CALL, ...call });
const SENSELESS = { endpoint: "https://sts", problem: "it is not what STS sends" };

describe("a refusal", () => {
  const refusal = { caller: "the caller", detail: "no" };
  it.each<[string, string, object, Partial<Call>?, string?]>([
    ["AccessDenied", "access-denied", { ...refusal, role: "the-role", profile: "p" }],
    ["AccessDeniedException", "access-denied", refusal],
    ["ExpiredToken", "token-expired", { ...refusal, code: "ExpiredToken" }],
    ["ExpiredTokenException", "token-expired", { ...refusal, code: "ExpiredTokenException" }],
    ["RequestExpired", "token-expired", { ...refusal, code: "RequestExpired" }],
    ...[
      ...["InvalidClientTokenId", "SignatureDoesNotMatch", "UnrecognizedClientException", "InvalidAccessKeyId"],
      ...["IncompleteSignature", "MissingAuthenticationToken", "AuthFailure", "InvalidToken", "OptInRequired"],
      ...["InvalidIdentityToken", "IDPRejectedClaim"],
    ].map((name): [string, string, object] => [name, "credentials-invalid", { ...refusal, code: name }]),
    ["XInvalidToken", "sts-refused", { role: "the-role", code: "XInvalidToken", detail: "no" }],
    ["XExpiredToken", "sts-refused", {}],
    ["XAccessDenied", "sts-refused", {}],
    ["MalformedPolicyDocument", "sts-refused", { role: "the-role", code: "MalformedPolicyDocument", detail: "no" }],
    [
      "ValidationError",
      "duration-refused",
      { role: "the-role", seconds: 7200 },
      { seconds: 7200 },
      "MaxSessionDuration",
    ],
    ["ValidationError", "duration-refused", { seconds: 7200 }, { seconds: 7200 }, "the maxsessionduration is less"],
    ["ValidationError", "sts-refused", {}, {}, "MaxSessionDuration"],
    ["ValidationError", "sts-refused", {}, { seconds: 7200 }],
    ["Other", "sts-refused", {}, { seconds: 7200 }, "MaxSessionDuration"],
    [
      "AccessDenied",
      "mfa-refused",
      { serial: "mfa/a", isMistyped: false },
      { serial: "mfa/a" },
      "MultiFactorAuthentication failed",
    ],
    [
      "AccessDenied",
      "mfa-refused",
      { detail: "multifactorauthentication failed with invalid MFA One Time Pass Code", isMistyped: true },
      { serial: "mfa/a" },
      "multifactorauthentication failed with invalid MFA One Time Pass Code",
    ],
    ["AccessDenied", "access-denied", {}, {}, "MultiFactorAuthentication failed"],
    ["AccessDenied", "access-denied", {}, { serial: "mfa/a" }],
    [
      "IDPCommunicationError",
      "identity-provider-away",
      { role: "the-role", code: "IDPCommunicationError", detail: "no" },
    ],
    [
      "InvalidIdentityToken",
      "identity-provider-away",
      {},
      {},
      "Couldn't retrieve verification key from your identity provider",
    ],
    ["InvalidIdentityTokenException", "identity-provider-away", {}, {}, "could not Retrieve the Verification key"],
    ["Other", "sts-refused", {}, {}, "Couldn't retrieve verification key"],
    ["XIDPCommunicationError", "sts-refused", {}],
  ])("by %s is %s", (name, code, details, call, message) => {
    const error = thrown(name, message);
    expect(failed(error, call)).toMatchObject({ code, details, cause: error });
  });
});

describe("STS out of order", () => {
  it.each<[string, number, string, boolean | undefined]>([
    ["Throttling", 400, "400 no", true],
    ["ThrottlingException", 429, "429 no", true],
    ["throttled", 503, "503 no", true],
    ["Throttling", 403, "403 no", undefined],
    ["Throttling", 500, "500 no", undefined],
    ["Throttling", 502, "502 no", undefined],
    ["TooManyRequestsException", 400, "400 no", true],
    ["RequestLimitExceeded", 400, "400 no", true],
    ["SlowDown", 503, "503 no", true],
    ["BandwidthLimitExceeded", 400, "400 no", true],
    ["Other", 429, "429 no", undefined],
    ["AccessDenied", 500, "500 no", undefined],
    ["ServiceUnavailable", 503, "503 no", undefined],
  ])("by %s with %i is told with %s", (name, status, detail, isThrottled) => {
    const error = thrown(name, "no", status);
    const expected = { endpoint: "https://sts", detail, ...(isThrottled && { isThrottled }) };
    expect(failed(error)).toMatchObject({ code: "sts-throttled", cause: error });
    expect(failed(error).details).toEqual(expected);
  });

  it("without a word is told by its status", () => {
    expect(failed(thrown("Other", "", 500)).details).toMatchObject({ detail: "500" });
  });
});

describe("no answer", () => {
  it.each<[Error, string, object]>([
    [thrown("TimeoutError", "x", null), "sts-timeout", { endpoint: "https://sts" }],
    [thrown("AbortError", "x", null), "sts-timeout", {}],
    [thrown("Error", "x", null, "ETIMEDOUT"), "sts-timeout", {}],
    [thrown("Error", "x", null, "ESOCKETTIMEDOUT"), "sts-timeout", {}],
    ...["the request socket did not establish a connection", "Connect ETIMEDOUT 1.2.3.4:443"].map(
      (message): [Error, string, object] => [
        thrown("TimeoutError", message, null),
        "sts-unreachable",
        { endpoint: "https://sts", problem: "no connection in time", proxy: "proxy:1" },
      ],
    ),
    ...["ECONNRESET", "EPIPE"].map((code): [Error, string, object] => [
      thrown("TimeoutError", "x", null, code),
      "sts-unreachable",
      { endpoint: "https://sts", problem: "connection closed", proxy: "proxy:1" },
    ]),
    [thrown("Error", "x", null, "ECONNREFUSED"), "sts-unreachable", { problem: "connection refused" }],
    [thrown("Error", "x", 200, "ECONNRESET"), "sts-unreachable", { problem: "connection closed" }],
    [thrown("Error", "x", 399, "EOTHER"), "sts-unreachable", { problem: "EOTHER" }],
    [thrown("Error", "x", 400, "EOTHER"), "sts-refused", {}],
    [thrown("XTimeoutError", "x", null), "sts-reply", SENSELESS],
    [thrown("TimeoutErrors", "x", null), "sts-reply", SENSELESS],
    [thrown("SyntaxError", "x", null), "sts-reply", SENSELESS],
    [thrown("SyntaxError", "x", 200), "sts-reply", SENSELESS],
    [thrown("Other", "x", 399), "sts-reply", SENSELESS],
  ])("by %s is %s", (error, code, details) => {
    expect(failed(error)).toMatchObject({ code, details, cause: error });
  });

  it.each([undefined, null, "text", {}, { name: 1, message: 2, code: 3 }])(
    "by %j is none that makes sense",
    (error) => {
      expect(failed(error)).toMatchObject({ code: "sts-reply", details: SENSELESS, cause: error });
    },
  );
});

it("tells a reply that is none by its problem, and whether it is AWS's", () => {
  for (const isForeign of [false, true]) {
    const error = new ReplyFault("it is odd", isForeign);
    expect(failed(Object.assign(error, { message: "the SDK's words" }))).toMatchObject({
      code: "sts-reply",
      details: { endpoint: "https://sts", problem: "it is odd", isForeign },
      cause: error,
    });
  }
  expect(failed(new ReplyFault("x"))).toMatchObject({ details: { isForeign: false } });
  expect(new ReplyFault("x").message).toBe("x");
});

it("tells a proxy that refuses from one that could not be reached", () => {
  const refusing = new ProxyError("it answered 403", { status: 403 });
  const refused = failed(refusing);
  expect(refused).toMatchObject({ code: "proxy-refused", cause: refusing });
  expect(refused.details).toEqual({
    endpoint: "https://sts",
    proxy: "proxy:1",
    problem: "it answered 403",
    status: 403,
  });
  expect(failed(new ProxyError("x", {})).details).not.toHaveProperty("status");
  const away = new ProxyError("connection refused", { isUnreachable: true });
  expect(failed(away)).toMatchObject({
    code: "sts-unreachable",
    details: { endpoint: "https://sts", problem: "the proxy proxy:1: connection refused" },
    cause: away,
  });
  expect(failed(away, { proxy: undefined })).toMatchObject({ details: { problem: "the proxy : connection refused" } });
});

describe("what AWS's message repeats", () => {
  const credentials = { accessKeyId: "AKIA", secretAccessKey: "the-secret", sessionToken: "the-session" };
  it("is shown without what signs or is sent", () => {
    const text = "AKIA the-secret the-secret the-session the-token";
    expect(failed(thrown("Other", text), { credentials, token: "the-token" }).details).toMatchObject({
      detail: "AKIA *** *** *** ***",
    });
    expect(failed(thrown("Other", text)).details).toMatchObject({ detail: text });
    const keys = { accessKeyId: "AKIA", secretAccessKey: "the-secret" };
    expect(failed(thrown("Other", text), { credentials: keys, token: "" }).details).toMatchObject({
      detail: "AKIA *** *** the-session the-token",
    });
  });

  it("is shown up to its first line's end, and not endlessly", () => {
    for (const end of ["\n", "\r"])
      expect(failed(thrown("Other", `one${end}two`)).details).toMatchObject({ detail: "one" });
    expect(failed(thrown("Other", "x".repeat(601))).details).toMatchObject({ detail: "x".repeat(600) });
  });
});

it("knows a web identity token that STS could not check", () => {
  expect(isIdentityDoubt(thrown("InvalidIdentityToken"))).toBe(true);
  expect(isIdentityDoubt(thrown("InvalidIdentityTokenException"))).toBe(true);
  expect(isIdentityDoubt(thrown("XInvalidIdentityToken"))).toBe(false);
  expect(isIdentityDoubt(undefined)).toBe(false);
});

it("knows a duration that is refused to a role's session", () => {
  expect(isChainingRefusal(thrown("ValidationError", "roles assumed by Role Chaining"))).toBe(true);
  expect(isChainingRefusal(thrown("ValidationErrorX", "role chaining"))).toBe(true);
  expect(isChainingRefusal(thrown("ValidationError", "else"))).toBe(false);
  expect(isChainingRefusal(thrown("Other", "role chaining"))).toBe(false);
});

it.each<[number | undefined, boolean]>([
  [undefined, true],
  [403, false],
  [407, false],
  [428, false],
  [429, true],
  [430, false],
  [499, false],
  [500, true],
  [503, true],
])("knows whether a proxy that answered %s may connect later", (status, may) => {
  expect(mayPass(new ProxyError("no", status === undefined ? {} : { status }))).toBe(may);
});
