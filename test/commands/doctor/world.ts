// The worlds that doctor's cases are played in: a caller in account 111111111111, a role in 222222222222, and what breaks the way
// from one to the other.
import { EXTERNAL_ID } from "../../../src/doctor/statements.ts";
import type { Fix } from "../../../src/doctor/types.ts";
import type { Policy, Statement } from "../../../src/sandbox/iam/evaluate-policy.ts";
import type { Account, Role, User, World } from "../../../src/sandbox/world/world.ts";

export const A = "111111111111";
export const B = "222222222222";
export const READER = `arn:aws:iam::${B}:role/reader`;
/** What the role's owner gave to Alice. */
export const PARTNER = "partner-7";
export const ALICE = `arn:aws:iam::${A}:user/alice`;
export const HOST = `arn:aws:iam::${A}:role/app-host`;

const ACTIONS = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];

export const allow = (Action: string | readonly string[], Resource = "*"): Policy => ({
  Statement: { Effect: "Allow", Action, Resource },
});
export const deny = (Action: string, Id?: string): Policy => ({
  ...(Id !== undefined && { Id }),
  Statement: [
    { Effect: "Allow", Action: "*", Resource: "*" },
    { Effect: "Deny", Action, Resource: "*" },
  ],
});
/** A resource control policy has Deny statements only. */
export const denyAlone = (Action: string, Id: string): Policy => ({
  Id,
  Statement: { Effect: "Deny", Principal: "*", Action, Resource: "*" },
});
export const trust = (
  AWS: string,
  Condition?: Statement["Condition"],
  Action: readonly string[] = ACTIONS,
): Policy => ({
  Statement: { Effect: "Allow", Principal: { AWS }, Action, ...(Condition && { Condition }) },
});

/** What a case changes in the world where everything works. */
export interface Changes {
  readonly alice?: Partial<User>;
  readonly host?: Partial<Role>;
  readonly reader?: Partial<Role>;
  readonly accountA?: Partial<Account>;
  readonly accountB?: Partial<Account>;
  readonly world?: Partial<World>;
  /** Lines of the profile `p`, in place of those that start from Alice's keys. */
  readonly profile?: string;
  /** Lines after those of the profile. */
  readonly more?: string;
}

export const FROM_ALICE = "source_profile = alice";
export const FROM_HOST = "credential_source = Ec2InstanceMetadata";

/** The world with the changes. `more` are ordinary lines of `p`. */
export function worldWith({ alice, host, reader, accountA, accountB, world, profile, more }: Changes): World {
  const lines = profile ?? `role_arn = ${READER}\n${FROM_ALICE}`;
  return {
    accounts: {
      [A]: {
        users: {
          alice: {
            accessKeyId: "AKIAALICE",
            secretAccessKey: "secret-of-alice",
            policy: allow(ACTIONS),
            mfaSecret: "EXAMPLEMFASECRET",
            ...alice,
          },
        },
        roles: {
          "app-host": {
            trust: {
              Statement: { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
            },
            policy: allow(ACTIONS),
            ...host,
          },
        },
        buckets: {},
        ...accountA,
      },
      [B]: {
        users: {},
        roles: { reader: { trust: trust(A), policy: allow("*"), ...reader } },
        buckets: {},
        ...accountB,
      },
    },
    instance: { role: HOST, region: "us-east-1", id: "i-0123456789abcdef0" },
    ...world,
    files: {
      ".aws/config": `[profile p]\nregion = us-east-1\n${lines}\n${more ?? ""}\n`,
      ".aws/credentials": "[alice]\naws_access_key_id = AKIAALICE\naws_secret_access_key = secret-of-alice\n",
    },
  };
}

/** The config with a line at the end of the profile `p`. */
const withLine = (config: string, line: string): string =>
  config.replace(/\[profile p\]\n([^[\n].*\n|\n)*/, (section) => `${section}${line}\n`);

/** What the user pastes: with the external id that the owner gave, in place of the placeholder. */
const filled = (statement: Statement): Statement =>
  JSON.parse(JSON.stringify(statement).replaceAll(EXTERNAL_ID, PARTNER)) as Statement;

/** The world after somebody did what doctor said: added a statement, a condition, or a line of the profile. */
export function mended(world: World, fix: Fix): World {
  switch (fix.do) {
    case "add":
      return withPolicy(world, fix.account, fix.where, (policy) => ({
        ...policy,
        Statement: [...[policy.Statement].flat(), filled(fix.statement)],
      }));
    case "exempt":
      return withPolicy(world, fix.account, fix.where, (policy) => ({
        ...policy,
        Statement: [policy.Statement]
          .flat()
          .map((one) => (one.Effect === "Deny" ? { ...one, Condition: { ...one.Condition, ...fix.condition } } : one)),
      }));
    case "set":
      return {
        ...world,
        files: { ...world.files, ".aws/config": withLine(world.files[".aws/config"] ?? "", fix.line) },
      };
    default:
      throw new Error(`nothing to do about: ${JSON.stringify(fix)}`);
  }
}

/** The world with the policy changed that the words of `where` mean. */
function withPolicy(
  world: World,
  keeper: string | undefined,
  where: string,
  change: (policy: Policy) => Policy,
): World {
  if (where.includes("VPC endpoint"))
    return { ...world, endpointPolicy: change(world.endpointPolicy ?? { Statement: [] }) };
  // The organization keeps what is for an account.
  const account = /for account (\d{12})/.exec(where)?.[1] ?? keeper ?? "";
  const at = world.accounts[account];
  if (!at) throw new Error(`no account ${account}`);
  const none: Policy = { Statement: [] };
  const into = (changed: Partial<Account>): World => ({
    ...world,
    accounts: { ...world.accounts, [account]: { ...at, ...changed } },
  });
  const [, kind = "", name = ""] = /\b(role|user) ([\w./-]+)/.exec(where) ?? [];
  const role = at.roles[name];
  const user = at.users[name];
  if (where.includes("service control policy"))
    return into({ serviceControlPolicy: change(at.serviceControlPolicy ?? none) });
  if (where.includes("resource control policy"))
    return into({ resourceControlPolicy: change(at.resourceControlPolicy ?? none) });
  if (where.includes("trust policy") && role)
    return into({ roles: { ...at.roles, [name]: { ...role, trust: change(role.trust) } } });
  const part = where.includes("boundary") ? "boundary" : "policy";
  if (kind === "role" && role)
    return into({ roles: { ...at.roles, [name]: { ...role, [part]: change(role[part] ?? none) } } });
  if (kind === "user" && user)
    return into({ users: { ...at.users, [name]: { ...user, [part]: change(user[part] ?? none) } } });
  throw new Error(`where is ${where}?`);
}
