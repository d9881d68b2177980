// Finds the causes of errors about the credentials themselves: AWS rejects the keys or the token, or they have expired.
import type { Plan } from "../plan/types.ts";
import { factsAbout } from "../sources/kinds.ts";
import { activateRegion, see } from "./fixes.ts";
import { isOptInRegion } from "./regions.ts";
import type { Cause, Evidence, Fix, Likelihood } from "./types.ts";

/** The causes of `credentials-invalid`: AWS rejects the keys or the token. */
export function invalidCauses(evidence: Evidence): Cause[] {
  const { failure, call } = evidence;
  if (call === "role") return tokenCauses(evidence);
  return failure.awsCode === "SignatureDoesNotMatch" ? signatureCauses(evidence) : keyCauses(evidence);
}

function signatureCauses({ failure: { awsSays }, plan, keyId = "" }: Evidence): Cause[] {
  if (/signature (expired|not yet current)/i.test(awsSays))
    return [cause("clock", "named", "this machine's clock is off", see("set it, by NTP for example"))];
  const changed = "something on the way changes requests, such as a proxy that breaks TLS open";
  return [
    cause("secret-wrong", "likely", `the secret is not that of the key ${keyId}`, ...renewal(plan)),
    cause("request-changed", "possible", changed),
  ];
}

function keyCauses({ plan, keyId = "", isSession, region = "" }: Evidence): Cause[] {
  // Source: "IAM identifiers" of the IAM User Guide: AKIA begins a long-term key, ASIA one of a session.
  const isWithoutToken = keyId.startsWith("ASIA") && isSession === false;
  const isFarRegion = isOptInRegion(region);
  const missing = `${keyId} is a session's key, and no session token goes with it`;
  const gone = `the key ${keyId} was deleted or made inactive, or is of another partition than ${region}`;
  const off = `${region} is not enabled in the account of the key`;
  return [
    ...(isWithoutToken ? [cause("token-missing", "likely", missing, ...renewal(plan))] : []),
    cause("key-unknown", isWithoutToken ? "possible" : "likely", gone, ...renewal(plan)),
    ...(isFarRegion ? [cause("region-disabled", "possible", off, activateRegion(region))] : []),
  ];
}

/** IAM has no provider for the token, or does not accept its audience. Source: the AssumeRoleWithWebIdentity page of the STS API reference. */
function tokenCauses({ failure: { awsSays }, plan, claims = {} }: Evidence): Cause[] {
  const { roleArn } = plan.source;
  if (roleArn === undefined) return [];
  const [, partition = "", , , account = ""] = roleArn.split(":");
  const issuer = typeof claims.iss === "string" ? claims.iss : "<issuer>";
  const audience = [claims.aud].flat().find((one): one is string => typeof one === "string") ?? "<audience>";
  const provider = `arn:${partition}:iam::${account}:oidc-provider/${issuer.replace(/^https:\/\//, "")}`;
  const add = `aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${provider} --client-id ${audience}`;
  const create = `aws iam create-open-id-connect-provider --url ${issuer} --client-id-list ${audience}`;
  const run = (command: string): Fix => ({ do: "run", account, command });

  if (/audience/i.test(awsSays)) {
    const text = `the identity provider in account ${account} does not take the token's audience ${audience}`;
    return [cause("web-identity-audience", "named", text, run(add))];
  }
  const absent = `account ${account} has no identity provider for ${issuer}`;
  if (/No OpenIDConnect provider/i.test(awsSays)) return [cause("web-identity-provider", "named", absent, run(create))];
  const unsigned = "the token is not one that its issuer signed, or the issuer's keys are not available";
  return [
    cause("web-identity-token", "likely", unsigned, ...renewal(plan)),
    cause("web-identity-provider", "possible", absent, run(create)),
  ];
}

/** The causes of `token-expired`: the credentials or the token have expired. */
export function expiredCauses({ plan, call }: Evidence): Cause[] {
  const text = call === "role" ? "the web identity token has ended" : "the source's credentials have ended";
  return [cause("expired", "named", text, ...renewal(plan))];
}

/** How to get new credentials for the source. */
function renewal({ source }: Plan): Fix[] {
  const remedy = factsAbout(source).remedy(source);
  if ("see" in remedy) return [see(remedy.see)];
  const profile = "profile" in source ? `profile "${source.profile}" ` : "";
  return [{ do: "set", where: `${profile}(${source.from})`, line: remedy.line }];
}

function cause(name: string, likelihood: Likelihood, text: string, ...fixes: readonly Fix[]): Cause {
  return { cause: name, likelihood, text, fixes };
}
