// Profiles and environment to a plan, pure: the cases of smithy-rs and botocore.
import { describe, expect, it } from "vitest";
import { containerEndpoint } from "../../src/sources/container/endpoint.ts";
import { awsEndpoint, configuredEndpoint, STS } from "../../src/plan/aws/endpoint.ts";
import { instanceEndpoint } from "../../src/sources/instance/endpoint.ts";
import { planChain } from "../../src/plan/plan.ts";
import type { Plan } from "../../src/plan/types.ts";
import type { Config, Section, Setting } from "../../src/config/types.ts";
import { parseConfig } from "../../src/config/parse/parse.ts";
import { XroleError } from "../../src/errors/error.ts";
import type { ErrorCode } from "../../src/errors/table.ts";
import { readBoth, toConfig, toSections } from "./support/plain-config.ts";
import { ABSENT, vectorFiles, wholeAccounts } from "./support/vectors.ts";

type Plain = Record<string, Record<string, string>>;

/** Which of our codes stands for which of their errors, by a part of its text. */
const CODES: readonly (readonly [text: string, code: ErrorCode])[] = [
  ["must contain `source_profile`", "source-missing"],
  ["both source_profile and credential_source", "source-ambiguous"],
  ["missing aws_secret_access_key", "keys-incomplete"],
  ["missing aws_access_key_id", "keys-incomplete"],
  ["profile `B` did not contain credential information", "source-empty"],
  ["profile `A` did not contain credential information", "profile-empty"],
  ["could not find source profile", "source-not-found"],
  ["No profiles were defined", "profile-not-found"],
  ["infinite loop", "source-cycle"],
  ["`role_arn` was missing", "setting-missing"],
  ["must also be set", "setting-missing"],
  ["can only be specified in the [sso-session]", "setting-invalid"],
  ["was not found", "section-not-found"],
];

describe("smithy-rs assume-role-tests", () => {
  const texts = vectorFiles("smithy-rs/aws-config/assume-role-tests.json").map(wholeAccounts);
  if (texts.length === 0) it.skip(ABSENT);
  for (const text of texts) {
    const cases = JSON.parse(text) as {
      docs: string;
      input: { profiles: Plain; sso_sessions?: Plain; selected_profile: string };
      output: { ProfileChain?: Record<string, unknown>[]; Error?: string };
    }[];
    it.each(cases)("$docs", ({ input, output }) => {
      const config = toConfig(input.profiles, input.sso_sessions);
      const caller = (): { user: string; host: string } => ({ user: "u", host: "h" });
      const plan = (): Plan => planChain({ config, env: {}, profile: input.selected_profile, options: {}, caller });
      if (output.Error === undefined) {
        expect(chainOf(plan(), input.profiles)).toEqual(output.ProfileChain);
        return;
      }
      const expected = CODES.find(([part]) => output.Error?.includes(part))?.[1];
      expect(expected, output.Error).toBeDefined();
      expect(codeOf(plan)).toBe(expected);
    });
  }
});

/** A plan in their words: the base first, then the roles in call order. */
function chainOf({ source, hops }: Plan, profiles: Plain): Record<string, unknown>[] {
  const given = (name: string, key: string, value: string | undefined): Record<string, string> =>
    value === undefined || profiles[name]?.[key] === undefined ? {} : { [key]: value };
  return [
    base(),
    ...hops.map(({ profile, roleArn, externalId, sessionName }) => ({
      AssumeRole: {
        role_arn: roleArn,
        ...given(profile, "external_id", externalId),
        ...given(profile, "role_session_name", sessionName),
      },
    })),
  ];

  function base(): Record<string, unknown> {
    switch (source.kind) {
      case "static": {
        const { profile, accessKeyId, accountId } = source;
        const secret = profiles[profile]?.aws_secret_access_key;
        return {
          AccessKey: {
            access_key_id: accessKeyId,
            secret_access_key: secret,
            ...(accountId && { account_id: accountId }),
          },
        };
      }
      case "instance":
        return { NamedSource: "Ec2InstanceMetadata" };
      case "web-identity": {
        const { roleArn, tokenFile, sessionName, sessionNameGenerated } = source;
        const session = sessionNameGenerated ? {} : { role_session_name: sessionName };
        return { WebIdentityToken: { role_arn: roleArn, web_identity_token_file: tokenFile, ...session } };
      }
      case "sso": {
        const { session, startUrl, region, accountId, roleName } = source;
        return {
          Sso: {
            sso_start_url: startUrl,
            sso_region: region,
            ...(session && { sso_session: session }),
            ...(accountId && { sso_account_id: accountId }),
            ...(roleName && { sso_role_name: roleName }),
          },
        };
      }
      default:
        return { unexpected: source };
    }
  }
}

function codeOf(act: () => unknown): string {
  try {
    act();
    return "no error";
  } catch (error) {
    if (error instanceof XroleError) return error.code;
    throw error;
  }
}

describe("smithy-rs ecs-tests", () => {
  const texts = vectorFiles("smithy-rs/aws-config/ecs-tests.json");
  if (texts.length === 0) it.skip(ABSENT);
  for (const text of texts) {
    const { tests: cases } = JSON.parse(text) as {
      tests: {
        docs: string;
        env: Record<string, string>;
        result: { Ok?: string; ErrorContains?: string };
      }[];
    };
    it.each(cases)("$docs", ({ env, result }) => {
      if (result.Ok !== undefined) expect(containerEndpoint(env)?.url).toBe(result.Ok);
      else if (Object.keys(env).length === 0) expect(containerEndpoint(env)).toBeUndefined();
      else expect(codeOf(() => containerEndpoint(env))).toBe("container-uri");
    });
  }
});

/** Overrides that only an API has: xrole has no such argument. */
const API_ONLY = ["explicit endpoint override", "explicit mode override"];

describe("smithy-rs imds-endpoint-tests", () => {
  const texts = vectorFiles("smithy-rs/aws-config/imds-config/imds-endpoint-tests.json");
  if (texts.length === 0) it.skip(ABSENT);
  for (const text of texts) {
    const { tests: cases } = JSON.parse(text) as {
      tests: {
        docs: string;
        env: Record<string, string>;
        fs: Record<string, string>;
        result: { Ok?: string; Err?: string };
      }[];
    };
    for (const { docs, env, fs, result } of cases) {
      (API_ONLY.includes(docs) ? it.fails : it)(docs, () => {
        const profile = parseConfig(fs[env.AWS_CONFIG_FILE ?? ""] ?? "", "config", "config").profiles.get("default");
        const url = (): string => `${instanceEndpoint(env, profile)}/latest/api/token`;
        if (result.Ok !== undefined) expect(url()).toBe(result.Ok);
        else expect(codeOf(url)).toBe("setting-invalid");
      });
    }
  }
});

describe("botocore sts-endpoint-tests", () => {
  const texts = vectorFiles("botocore/sts-endpoint-tests.json");
  if (texts.length === 0) it.skip(ABSENT);
  for (const text of texts) {
    const { testCases } = JSON.parse(text) as {
      testCases: {
        documentation: string;
        params?: {
          Region?: string;
          UseFIPS?: boolean;
          UseDualStack?: boolean;
          UseGlobalEndpoint?: boolean;
          Endpoint?: string;
        };
        expect: { endpoint?: { url: string }; error?: string };
      }[];
    };
    // The global endpoint for old regions is a legacy mode that xrole does not have (rule 35); Endpoint is rule 36.
    const ours = testCases.filter(
      ({ params = {} }) => params.Region !== undefined && params.Endpoint === undefined && !params.UseGlobalEndpoint,
    );
    it.each(ours)("$documentation", ({ params = {}, expect: expected }) => {
      const flags = { fips: params.UseFIPS === true, dualStack: params.UseDualStack === true };
      expect(awsEndpoint(STS, params.Region ?? "", flags)).toBe(expected.endpoint?.url);
    });
  }
});

describe("botocore configured-endpoint-urls", () => {
  const texts = vectorFiles("botocore/configured-endpoint-urls.json");
  if (texts.length === 0) it.skip(ABSENT);
  for (const text of texts) {
    // Read `s3` as `sts`: xrole speaks to no other service.
    const { testSuites } = JSON.parse(text.replaceAll('"s3"', '"sts"').replaceAll("URL_S3", "URL_STS")) as {
      testSuites: {
        profiles: Plain;
        services: Record<string, Plain>;
        client_configs: Record<string, object>;
        environments: Record<string, Record<string, string>>;
        endpointUrlTests: {
          name: string;
          profile: string;
          client_config: string;
          environment: string;
          service: string;
          output: { endpointUrl?: string };
        }[];
      }[];
    };
    for (const { profiles, services, client_configs, environments, endpointUrlTests } of testSuites) {
      const config: Config = {
        ...toConfig(profiles),
        services: new Map(Object.entries(services).map(servicesSection)),
      };
      // Settings of a client object are an API's; services other than the one read as sts are not ours.
      const ours = endpointUrlTests.filter(
        ({ client_config, service }) =>
          Object.keys(client_configs[client_config] ?? {}).length === 0 && service === "sts",
      );
      it.each(ours)("$name", ({ profile, environment, output }) => {
        const env = environments[environment] ?? {};
        // The service's own endpoint there means that none is configured.
        const expected = output.endpointUrl?.includes("fake-region-10") ? undefined : output.endpointUrl;
        expect(configuredEndpoint(env, config, config.profiles.get(profile))?.url).toBe(expected);
      });
    }
  }
});

function servicesSection([name, services]: [string, Plain]): [string, Section] {
  const settings = new Map(
    [...toSections(services).values()].map((service): [string, Setting] => [
      service.name,
      { value: "\n", file: "config", line: 1, nested: service.settings },
    ]),
  );
  return [name, { name, file: "config", line: 1, settings }];
}

describe("kotlin imds_test_suite", () => {
  const texts = vectorFiles("kotlin/imds_test_suite.json");
  if (texts.length === 0) it.skip(ABSENT);
  for (const text of texts) {
    const { tests } = JSON.parse(text) as { tests: ImdsCase[] };
    // Overrides are parameters of an API; xrole has none.
    const cases = tests.filter(({ endpointOverride, modeOverride }) => !endpointOverride && !modeOverride);
    it.each(cases)("$name", ({ env, fs, result }) => {
      const selected = readBoth(fs[env.AWS_CONFIG_FILE ?? ""], undefined).profiles.get("default");
      const endpoint = (): string => `${instanceEndpoint(env, selected)}/latest/api/token`;
      if (result.Ok === undefined) expect(endpoint).toThrow(XroleError);
      else expect(endpoint()).toBe(result.Ok);
    });
  }
});

interface ImdsCase {
  readonly name: string;
  readonly env: Record<string, string>;
  readonly fs: Record<string, string>;
  readonly endpointOverride?: string;
  readonly modeOverride?: string;
  readonly result: { readonly Ok?: string; readonly Err?: string };
}
