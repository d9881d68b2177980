// Requests that go to AWS straight away, by TLS: who is trusted, what is sent, and that the connection is closed at last.
import { expect, it } from "vitest";
import type { Context } from "../../../src/context/types.ts";
import { requestWithRetries } from "../../../src/sts/request-with-retries.ts";
import { reachSts } from "../../../src/sts/reach.ts";
import { CERTIFICATE, closed, fakeAws } from "../../harness/fake-aws.ts";
import { passAtOnce } from "../../harness/timers.ts";

const BUNDLE = { file: CERTIFICATE, from: "config:1" };
const NOW = Date.parse("2030-01-01T00:00:00Z");
const context = { env: {}, cwd: "/", now: () => NOW, debug: () => undefined } as unknown as Context;
const SSO = { form: "json", code: "sso-reply" } as const;

it("is a request to whom the bundle vouches for, and to nobody else", async () => {
  passAtOnce((ms) => ms <= 1000);
  const here = await fakeAws((response) => response.end("{}"), { tls: true });
  const request = { method: "POST", url: `${here.url}/x`, headers: { "x-header": "1" }, body: "text" } as const;
  await expect(requestWithRetries(context, request, { ...SSO, caBundle: undefined })).rejects.toMatchObject({
    code: "sts-unreachable",
    details: { problem: "its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)" },
  });
  expect(here.asked).toEqual([]);
  expect(await requestWithRetries(context, request, { ...SSO, caBundle: BUNDLE })).toMatchObject({
    status: 200,
    body: "{}",
  });
  expect(here.asked).toMatchObject([{ method: "POST", url: "/x", body: "text", headers: { "x-header": "1" } }]);
  await closed(here);
});

it("is STS reached by whom the bundle vouches for, as doctor asks it, and by nobody else", async () => {
  passAtOnce((ms) => ms <= 1000);
  const here = await fakeAws(
    (response) => void response.writeHead(403, { date: "Tue, 01 Jan 2030 00:00:10 GMT" }).end("<ErrorResponse>"),
    { tls: true },
  );
  await expect(reachSts(context, here.url, undefined)).rejects.toMatchObject({ code: "sts-unreachable" });
  expect(here.asked).toEqual([]);
  expect(await reachSts(context, here.url, BUNDLE)).toEqual({ clockOffset: 10_500 });
  await expect(reachSts(context, here.url, { ...BUNDLE, file: "/nonexistent.pem" })).rejects.toMatchObject({
    code: "ca-bundle",
  });
});
