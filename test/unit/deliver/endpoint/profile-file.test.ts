// The config file of a child whose credentials are renewed: nothing in it says where credentials come from, or holds them.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../../src/config/parse/parse.ts";
import { profileFile } from "../../../../src/deliver/endpoint/profile-file.ts";

const CREDENTIALS = [
  ...["aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token", "aws_account_id"],
  ...["role_arn", "role_session_name", "source_profile", "source_identity", "credential_source", "credential_process"],
  ...["web_identity_token_file", "external_id", "duration_seconds", "mfa_serial", "mfa_process", "session_tags"],
  ...["transitive_session_tags", "sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name"],
  ...["sso_registration_scopes", "login_session", "xrole_renew", "xrole_mfa_session"],
];
const OTHERS = ["region", "output", "ca_bundle", "my_role_arn", "external_ids", "s3_session_tags", "retry_mode"];

const file = (text: string): string => profileFile(parseConfig(text, "config", "config"), "p");

describe("the file", () => {
  it("has the profile's settings as those of default, and no credentials", () => {
    const lines = [...CREDENTIALS, ...OTHERS].map((key) => `${key} = ${key}-value\n`).join("");
    const kept = OTHERS.map((key) => `${key} = ${key}-value\n`).join("");
    expect(file(`[profile p]\n${lines}[profile q]\noutput = x\n`)).toBe(`[default]\n${kept}`);
    expect(file("[profile q]\noutput = x\n")).toBe("[default]\n");
  });

  it.each(CREDENTIALS)("does not have %s", (key) => {
    expect(file(`[profile p]\n${key} = x\n`)).toBe("[default]\n");
  });

  it("has nested blocks, and the services section that the profile names", () => {
    const services = "[services my own]\ns3 =\n  endpoint_url = http://127.0.0.1:1\n";
    const quoted = services.replace("my own", "'my own'");
    expect(file(`[profile p]\ns3 =\n  addressing_style = path\nservices = my own\n${quoted}`)).toBe(
      `[default]\ns3 = \n  addressing_style = path\nservices = my own\n${quoted.replace("s3 =", "s3 = ")}`,
    );
    expect(file(`[profile p]\nservices = absent\n${quoted}`)).toBe("[default]\nservices = absent\n");
    expect(file(`[profile p]\noutput = x\n${quoted}`)).toBe("[default]\noutput = x\n");
  });
});
