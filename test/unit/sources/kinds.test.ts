// The table of source kinds: what its types cannot check of a kind. Whoever adds one adds an example here, which the compiler asks for.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ORDER } from "../../../src/plan/default-order.ts";
import { planJson } from "../../../src/plan/show/describe.ts";
import { drawPlan } from "../../../src/plan/show/draw.ts";
import { graphOf } from "../../../src/plan/show/graph.ts";
import { KEY_SETTINGS, KNOWN_SETTINGS } from "../../../src/plan/edited/known-settings.ts";
import { planChain } from "../../../src/plan/plan.ts";
import type { Plan } from "../../../src/plan/types.ts";
import { unusedSettings } from "../../../src/plan/unused/unused.ts";
import { parseConfig } from "../../../src/config/parse/parse.ts";
import type { Config, Section } from "../../../src/config/types.ts";
import type { Context } from "../../../src/context/types.ts";
import type { SourceFacts, SourceKind, SourceModule, SourceTools } from "../../../src/sources/kind.ts";
import { FACTS, KINDS, MODULES, type Kind, type Source } from "../../../src/sources/kinds.ts";

const ROLE = "role_arn = arn:aws:iam::222222222222:role/r";

/** A profile `p` of each kind, and what must be set beside it. */
const EXAMPLES: Readonly<Record<Kind, { readonly text: string; readonly env?: Record<string, string> }>> = {
  environment: {
    text: `${ROLE}\ncredential_source = Environment`,
    env: { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "secret-of-env" },
  },
  static: {
    text: "aws_access_key_id = AKIAKEYS\naws_secret_access_key = secret-of-keys\naws_session_token = token-of-keys",
  },
  "web-identity": { text: `${ROLE}\nweb_identity_token_file = /token` },
  sso: {
    text: "sso_session = s\nsso_account_id = 111111111111\nsso_role_name = r\n[sso-session s]\nsso_region = us-east-1\nsso_start_url = https://s.example/start",
  },
  login: { text: "login_session = arn:aws:iam::111111111111:user/alice" },
  process: { text: "credential_process = /usr/bin/helper" },
  container: {
    text: `${ROLE}\ncredential_source = EcsContainer`,
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/creds" },
  },
  instance: { text: `${ROLE}\ncredential_source = Ec2InstanceMetadata` },
};

const NAMES = Object.keys(KINDS) as Kind[];
const facts: Readonly<Record<Kind, SourceFacts<Source>>> = FACTS;
const kinds: Readonly<Record<Kind, SourceKind<Source>>> = KINDS;

function planOf(
  name: Kind,
  config: Config = parseConfig(`[profile p]\n${EXAMPLES[name].text}\n`, "config", "config"),
): Plan {
  const caller = (): { user: string; host: string } => ({ user: "u", host: "h" });
  return planChain({ config, env: EXAMPLES[name].env ?? {}, profile: "p", options: {}, caller });
}

describe.each(NAMES)("a source of the kind %s", (name) => {
  const plan = planOf(name);
  const { source } = plan;

  it("is planned from its example, under its own name", () => {
    expect(source.kind).toBe(name);
    expect(source.from).toMatch(/^config:\d+$/);
  });

  it("can be come to in some way, and in the default chain where it says so", () => {
    const { inProfile, inDefaultChain, credentialSource } = kinds[name];
    expect([inProfile, inDefaultChain, credentialSource].filter(Boolean)).not.toEqual([]);
    expect(ORDER.includes(name as never), "ORDER of default-order.ts").toBe(inDefaultChain !== undefined);
  });

  it("is shown in words, as JSON and in a graph, without a secret", () => {
    const shown = [
      JSON.stringify(planJson(plan)),
      drawPlan(plan, {}, []),
      graphOf([plan])
        .nodes.map(({ text }) => text)
        .join("\n"),
    ];
    for (const text of shown) expect(text).not.toMatch(/undefined|secret-of|token-of/);
    expect(planJson(plan)).toMatchObject({ source: { kind: name, from: source.from } });
  });

  it("is told from others without a request, or not at all", () => {
    const context = {
      env: EXAMPLES[name].env ?? {},
      cwd: "/",
      platform: "linux",
      caller: () => ({ user: "u", host: "h" }),
    };
    const identity = kinds[name].identity({ ...context, userHome: () => "/nowhere" } as unknown as Context, source);
    expect(JSON.stringify(identity ?? "")).not.toMatch(/secret-of|token-of/);
  });

  it("has no setting that configure does not know, nor one that explain does not show as unused", () => {
    const { settings, keySettings = [], makes } = FACTS[name];
    const known = [...KNOWN_SETTINGS, ...KEY_SETTINGS];
    for (const key of makes) expect(known).toContain(key);
    for (const key of kinds[name].inProfile?.marks ?? []) expect([...settings, ...keySettings]).toContain(key);
    // What the plan reads of the profile, as it reads it.
    const read = new Set<string>();
    const config = parseConfig(`[profile p]\n${EXAMPLES[name].text}\n`, "config", "config");
    const profile = config.profiles.get("p")!;
    const watched: Section = { ...profile, settings: watch(profile, read) };
    const mark = kinds[name].inProfile?.marks.flatMap((key) => watched.settings.get(key) ?? [])[0];
    const caller = (): { user: string; host: string } => ({ user: "u", host: "h" });
    if (mark) kinds[name].inProfile?.plan({ config, env: {}, caller }, watched, mark);
    kinds[name].credentialSource?.plan({}, "config:1", watched);
    for (const key of read) expect(known, "settings of plan.ts").toContain(key);
  });

  it("is named as the reason where another way of the profile is not used", () => {
    const other = name === "process" ? "login_session = x" : "credential_process = /usr/bin/other";
    const text = `[profile p]\n${other}\n${EXAMPLES[name].text}\n`;
    const config = parseConfig(text, "config", "config");
    const env = EXAMPLES[name].env ?? {};
    const found = planOf(name, config);
    const unused = unusedSettings({ config, env, profile: "p", options: {} }, found).map(({ setting }) => setting);
    const winner = found.source.kind === name ? other.split(" ")[0] : FACTS[name].makes[0];
    expect(unused).toContain(winner);
  });

  it("advises what to do where AWS does not take its credentials", () => {
    const remedy = facts[name].remedy(source);
    expect(Object.values(remedy).join("")).not.toMatch(/^$|undefined/);
  });

  it("can be opened, and tells the region where it says so", async () => {
    const kind: SourceModule<never> = await MODULES[name]();
    const context = { env: {}, cwd: "/" } as unknown as Context;
    const opened = kind.open(context, source as never, {} as SourceTools);
    expect("region" in opened).toBe(kinds[name].tellsRegion === true);
    expect("token" in opened).toBe(source.roleArn !== undefined);
  });

  it.each(["docs/contract.md", "docs/sources.md"])("is in %s", (file) => {
    expect(readFileSync(file, "utf8")).toContain(`\`${name}\``);
  });
});

/** The settings of a profile, which remember what they were asked for. */
function watch({ settings }: Section, read: Set<string>): Section["settings"] {
  const watched = new Map(settings);
  watched.get = (key) => {
    read.add(key);
    return settings.get(key);
  };
  return watched;
}

it.each([
  ["sso", "sign in again: aws sso login --profile 'my profile'"],
  ["login", "sign in again: aws login --profile 'my profile'"],
] as const)("a login that has ended is renewed by a command that names its profile: %s", (kind, see) => {
  const config = parseConfig(`[profile "my profile"]\n${EXAMPLES[kind].text}\n`, "config", "config");
  const caller = () => ({ user: "u", host: "h" });
  const { source } = planChain({ config, env: {}, profile: "my profile", options: {}, caller });
  expect((FACTS[kind] as SourceFacts<Source>).remedy(source)).toEqual({ see });
});
