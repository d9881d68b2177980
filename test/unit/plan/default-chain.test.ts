// Without a profile argument, where another identity is near: in a shell that holds a role, beside a misspelt role, beside web identity.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/config/parse/parse.ts";
import type { Environment } from "../../../src/context/types.ts";
import { XroleError } from "../../../src/errors/error.ts";
import { planChain } from "../../../src/plan/plan.ts";
import { digest } from "../../../src/plan/shell/host-environment.ts";
import type { Plan } from "../../../src/plan/types.ts";

const caller = (): { user: string; host: string } => ({ user: "u", host: "h" });
const planOf = (text: string, env: Environment = {}): Plan =>
  planChain({
    config: parseConfig(text, "config", "config"),
    env: { AWS_REGION: "us-east-1", ...env },
    options: {},
    caller,
    profile: undefined,
  });
const found = (text: string, env: Environment = {}): string => {
  try {
    const { source, hops } = planOf(text, env);
    return [source.kind, ...hops.map(({ profile }) => profile)].join(" > ");
  } catch (error) {
    if (error instanceof XroleError) return error.code;
    throw error;
  }
};
const KEYS = "aws_access_key_id = AKIAKEYS\naws_secret_access_key = secret-of-keys\n";
const ARN = "arn:aws:iam::222222222222:role/r";
const WEB = { AWS_WEB_IDENTITY_TOKEN_FILE: "/w", AWS_ROLE_ARN: ARN };
const TASK = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/task" };

describe("a shell that holds a role", () => {
  const ID = "ASIAHELD";
  const HELD = {
    AWS_ACCESS_KEY_ID: ID,
    AWS_SECRET_ACCESS_KEY: "secret-of-held",
    AWS_SESSION_TOKEN: "token-of-held",
    XROLE_SESSION: `${digest(ID)}.x`,
    XROLE_PROFILE: "p",
  };
  const CONFIG = `[default]\n${KEYS}[profile p]\n${KEYS}[profile q]\n${KEYS}`;
  const warned = (env: Environment): readonly string[] => planOf(CONFIG, { ...HELD, ...env }).warnings;

  it("uses it, without a word of what it was made from or what else is there", () => {
    expect(planOf(CONFIG, HELD).source).toMatchObject({ kind: "environment" });
    expect(warned({})).toEqual([]);
    expect(warned(TASK)).toEqual([]);
    expect(warned({ AWS_PROFILE: "p" })).toEqual([]);
  });

  it("warns of a profile that was named since", () => {
    expect(warned({ AWS_PROFILE: "q" })).toEqual([
      "the role that xrole put into the environment wins over AWS_PROFILE=q",
    ]);
    expect(warned({ AWS_DEFAULT_PROFILE: "q" })).toEqual([
      "the role that xrole put into the environment wins over AWS_DEFAULT_PROFILE=q",
    ]);
  });

  it("is one like any other where its keys are no longer xrole's", () => {
    expect(warned({ AWS_ACCESS_KEY_ID: "AKIAOTHER" })).toEqual([
      'the keys in the environment win over profile "default"',
    ]);
  });
});

describe("a default profile that was meant to have a role", () => {
  it.each([
    `role_arm = ${ARN}`,
    "source_profil = p",
    "credential_sourc = Environment",
    "external_id = x",
    "aws_acces_key_id = AKIAX",
  ])("is not passed by for what the machine has: %s", (line) => {
    expect(found(`[default]\n${line}\n[profile p]\n${KEYS}`, TASK)).not.toBe("container");
    expect(found(`[default]\n${line}\n[profile p]\n${KEYS}`)).not.toBe("instance");
  });

  it("is passed by where it says nothing of credentials", () => {
    expect(found("[default]\noutput = json\n", TASK)).toBe("container");
    expect(found("[default]\noutputt = json\n", TASK)).toBe("container");
  });
});

describe("web identity of the environment", () => {
  const P = `[profile p]\n${KEYS}`;
  const role = (...lines: string[]): string => `[default]\nrole_arn = ${ARN}\n${lines.join("\n")}\n`;

  it.each<[string, string]>([
    [role("source_profile = p"), "static > default"],
    [role("source_profile = p", KEYS), "static > default"],
    [role("source_profile = p", "credential_process = /x"), "static > default"],
    [role("source_profile = default", KEYS), "static > default"],
  ])("comes after a role, whatever keys are beside it: %j", (text, expected) => {
    expect(found(text + P, WEB)).toBe(expected);
  });

  it("comes before a profile that is no role", () => {
    expect(found(`[default]\n${KEYS}source_profile = p\n${P}`, WEB)).toBe("web-identity");
    expect(found(`[default]\ncredential_process = /x\n${P}`, WEB)).toBe("web-identity");
  });
});
