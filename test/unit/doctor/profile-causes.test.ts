// What doctor knows from the profiles, and ranks before what AWS may have meant.
import { describe, expect, it } from "vitest";
import { planChain } from "../../../src/plan/plan.ts";
import type { RoleOptions } from "../../../src/plan/options/role-options.ts";
import { mergeFiles } from "../../../src/config/merge.ts";
import { parseConfig } from "../../../src/config/parse/parse.ts";
import { diagnose } from "../../../src/doctor/diagnose.ts";
import { factsOf } from "../../../src/doctor/profile-causes.ts";
import type { Cause } from "../../../src/doctor/types.ts";

const ROLE = "arn:aws:iam::222222222222:role/r";
const SERIAL = "arn:aws:iam::111111111111:mfa/alice";
const KEYS = `[profile keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = secret-of-keys\n`;
const P = `[profile p]\nrole_arn = ${ROLE}\nsource_profile = keys\n`;
const NOT_ALLOWED = `User: x is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`;

interface Refusal {
  readonly options?: RoleOptions;
  readonly profile?: string;
  readonly words?: string;
  /** Which hop is refused. */
  readonly at?: number;
}

function causes(text: string, { options = {}, profile = "p", words = NOT_ALLOWED, at = 0 }: Refusal = {}): Cause[] {
  const config = mergeFiles(parseConfig(text, "config", "config"), parseConfig("", "cred", "credentials"));
  const caller = (): { user: string; host: string } => ({ user: "u", host: "h" });
  const plan = planChain({ config, env: {}, profile, options, caller });
  const call = plan.hops[at];
  if (!call) throw new Error("no such hop");
  const failure = { code: "access-denied", message: "", awsCode: "AccessDenied", awsSays: words } as const;
  const alice = "arn:aws:iam::111111111111:user/alice";
  return [...diagnose({ failure, plan, call, caller: alice, facts: factsOf(config, plan, call, options) })];
}
const names = (all: readonly Cause[]): string[] => all.map(({ cause }) => cause);

describe("an external id that is given beside the profile's own", () => {
  const own = `${KEYS}${P}external_id = partner-7\n`;

  it("is the first cause where they differ, and is for no trust policy", () => {
    const all = causes(own, { options: { externalId: "partner-8" } });
    expect(all[0]).toMatchObject({ cause: "external-id-differs", likelihood: "named", from: "config:7" });
    expect(all[0]?.fixes.map((fix) => fix.do)).toEqual(["see", "see"]);
    expect(names(all)).not.toContain("external-id");
    expect(JSON.stringify(all.map(({ fixes }) => fixes))).not.toMatch(/partner-[78]/);
  });

  it.each<[string, string, Refusal]>([
    ["they are the same", own, { options: { externalId: "partner-7" } }],
    ["none is given", own, {}],
    ["the profile has none", KEYS + P, { options: { externalId: "partner-8" } }],
    ["another role is given too", own, { options: { externalId: "x-1", roleArn: ROLE.replace("/r", "/other") } }],
  ])("is not where %s", (_, text, refusal) => {
    expect(names(causes(text, refusal))).not.toContain("external-id-differs");
  });

  it("counts for the last role only", () => {
    const chain = `${own}[profile q]\nrole_arn = arn:aws:iam::333333333333:role/q\nsource_profile = p\n`;
    expect(names(causes(chain, { profile: "q", options: { externalId: "x-1" } }))).not.toContain("external-id-differs");
  });

  it("is to be corrected where it was given, not in the profile", () => {
    const [fix] =
      causes(KEYS + P, { options: { externalId: "x-1" } }).find(({ cause }) => cause === "external-id")?.fixes ?? [];
    expect(fix).toEqual({ do: "see", text: "correct --external-id: <the external id that the role's owner gave you>" });
  });
});

describe("an mfa_serial of the profile with the keys", () => {
  const withSerial = `${KEYS}mfa_serial = ${SERIAL}\n`;

  it("is the first cause, with the line to add and where", () => {
    const all = causes(withSerial + P);
    expect(all[0]).toMatchObject({
      cause: "mfa",
      likelihood: "likely",
      fixes: [{ do: "set", where: 'profile "p" (config:6)', line: `mfa_serial = ${SERIAL}` }],
    });
    expect(all[0]?.text).toContain('profile "keys", which the keys come from, has mfa_serial (config:4)');
    expect(names(all).filter((name) => name === "mfa")).toHaveLength(1);
  });

  it("comes before a Deny of the caller's policy, which may ask for MFA, and after what AWS names else", () => {
    const denied = `${NOT_ALLOWED} with an explicit deny in an identity-based policy`;
    expect(names(causes(withSerial + P, { words: denied }))).toEqual(["mfa", "deny-identity"]);
    const missing = `${NOT_ALLOWED} because no identity-based policy allows the sts:AssumeRole action`;
    expect(names(causes(withSerial + P, { words: missing }))).toEqual(["caller-policy", "mfa", "trust"]);
  });

  it("goes with --mfa-serial for a role that the command line names", () => {
    const [first] = causes(withSerial, { profile: "keys", options: { roleArn: ROLE } });
    expect(first).toMatchObject({ cause: "mfa", fixes: [{ do: "see", text: `add --mfa-serial ${SERIAL}` }] });
  });

  it.each<[string, string, Refusal]>([
    ["a code is sent", `${withSerial}${P}mfa_serial = ${SERIAL}\n`, {}],
    ["a session with a code is opened", withSerial + P, { options: { mfaSession: true, mfaSerial: SERIAL } }],
    [
      "the caller is a role, which has no device",
      `${withSerial}${P}[profile q]\nrole_arn = arn:aws:iam::333333333333:role/q\nsource_profile = p\n`,
      { profile: "q", at: 1 },
    ],
    ["it is another profile's", `${KEYS}[profile other]\nmfa_serial = ${SERIAL}\n${P}`, {}],
  ])("is no cause where %s", (_, text, refusal) => {
    expect(names(causes(text, refusal)).indexOf("mfa")).not.toBe(0);
  });
});
