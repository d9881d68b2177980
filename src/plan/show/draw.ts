// Draws a plan for people: the source, each call, and the role it yields, with the file and line that set it.
import { describeSource, roleInWords } from "./describe.ts";
import type { Unused } from "../unused/types.ts";
import { factsAbout } from "../../sources/kinds.ts";
import { ROLE_OPTION_FACTS } from "../options/role-option-facts.ts";
import { roleOptionRows } from "../options/role-options.ts";
import type { Hop } from "../sts-calls.ts";
import type { Plan } from "../types.ts";

/** Where the settings of a plan come from, if the plan does not contain that itself. */
export interface Origins {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
}

const BAR = "  |\n";
const HEAD = "  v\n";

export function drawPlan(plan: Plan, origins: Origins, unused: readonly Unused[]): string {
  const { name = plan.profile, region, regionAsGiven, regionOrigin, endpoint } = plan;
  const { expectAccount, caBundle, renewFrom } = plan;
  const regionText =
    region === undefined
      ? "the instance's own, asked when needed"
      : regionOrigin === "partition"
        ? `none set; STS is called in ${region}`
        : `${region}${regionAsGiven === undefined ? "" : `, FIPS endpoints (${regionAsGiven})`}`;
  const settings: (readonly [name: string, text: string, from?: string | undefined])[] = [
    ["profile", plan.isProfileless && plan.name === undefined ? "none: the default chain" : name, origins.profile],
    ["region", regionText, origins.region],
    ...(endpoint === undefined ? [] : [["endpoint", endpoint, origins.endpoint] as const]),
    ...(caBundle === undefined ? [] : [["ca bundle", caBundle.file, caBundle.from] as const]),
    ...(expectAccount === undefined ? [] : [["expected", `account ${expectAccount}`] as const]),
    ...(renewFrom === undefined ? [] : [["renewed", "while a command runs", renewFrom] as const]),
  ];
  return [
    ...settings.map(([name, text, from]) => `${name.padEnd(10)}${at(text, from)}\n`),
    "\n",
    ...drawChain(plan),
    ...(unused.length === 0 ? [] : ["\nnot used\n", ...unused.map(unusedLine)]),
  ].join("");
}

function drawChain({ source, mfaSession, hops }: Plan): string[] {
  const first =
    source.roleArn !== undefined
      ? [
          `  ${at(factsAbout(source).label(source), source.from)}\n`,
          ...call("sts:AssumeRoleWithWebIdentity", sessionDetails(source)),
          ...roleLines(source.roleArn, undefined),
        ]
      : [`  ${at(describeSource(source), source.from)}\n`];
  const session = mfaSession
    ? [
        ...call("sts:GetSessionToken", `MFA ${mfaSession.mfaSerial}`),
        `  ${at("a session with MFA, for all hops", mfaSession.from)}\n`,
      ]
    : [];
  return [
    ...first,
    ...session,
    ...hops.flatMap((hop) => [...call("sts:AssumeRole", sessionDetails(hop)), ...roleLines(hop.roleArn, hop)]),
  ];
}

const call = (action: string, details: string): string[] => [BAR, `  | ${action}   ${details}\n`, HEAD];

function roleLines(roleArn: string, hop: Hop | undefined): string[] {
  const whose = hop && hop.profile !== "" ? `   profile "${hop.profile}"` : "";
  return [`  ${roleInWords(roleArn)}${whose}\n`, `  ${at(roleArn, hop?.from)}\n`];
}

function unusedLine({ setting, value, from, because }: Unused): string {
  return `  ${at(value === undefined ? setting : `${setting} = ${value}`, from)}   ${because}\n`;
}

const at = (text: string, from: string | undefined): string => (from === undefined ? text : `${text}   (${from})`);

/** What a call is sent with: its name and duration first, its policies last. */
function sessionDetails(session: Partial<Hop>): string {
  const { sessionName, durationSeconds, policy, policyArns = [] } = session;
  const others = roleOptionRows().flatMap(([name, { field = name }]) => {
    const facts = ROLE_OPTION_FACTS[name];
    const value = session[field as keyof Hop];
    return "shown" in facts && facts.shown !== false && value !== undefined ? [`${facts.shown} ${inWords(value)}`] : [];
  });
  const policies = [...policyArns, ...(policy === undefined ? [] : ["a policy"])];
  return [
    ...(sessionName === undefined ? [] : [`session ${sessionName}`]),
    ...(durationSeconds === undefined ? [] : [`for ${String(durationSeconds)} s`]),
    ...others,
    ...(policies.length > 0 ? [`narrowed by ${policies.join(" ")}`] : []),
  ].join(", ");
}

function inWords(value: NonNullable<Hop[keyof Hop]>): string {
  if (Array.isArray(value)) return value.join(" ");
  return typeof value === "object"
    ? Object.entries(value)
        .map((entry) => entry.join("="))
        .join(" ")
    : String(value);
}
