// Parses a data file into a world, and reports errors with the file and the path inside it (docs/sandbox.md).
import { XroleError } from "../../errors/error.ts";
import { checkWorld } from "./check-world.ts";
import { FAULT_KINDS, parseFault, type Fault } from "./fault.ts";
import { parsePolicy } from "../iam/parse-policy.ts";
import type { Fail } from "../iam/policy-rules.ts";
import type { PolicyKind } from "../iam/policy-rules.ts";
import type { Policy } from "../iam/evaluate-policy.ts";
import { isBase32 } from "./totp.ts";
import { LONGEST_OFFSET, type Account, type Bucket, type Role, type User, type World } from "./world.ts";

type Record_ = Readonly<Record<string, unknown>>;
/** Reads the value at a path such as `accounts.111111111111.roles.app`. */
type Read<T> = (value: unknown, path: string) => T;

/** The world in `text`, the content of `file`. @throws XroleError `sandbox-data` */
export function parseWorld(text: string, file: string): World {
  const fail: Fail = (path, problem) => {
    throw new XroleError("sandbox-data", { file, problem: path === "" ? problem : `${path} ${problem}` });
  };
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return fail("", `it is not JSON: ${(error as Error).message}`);
  }

  const object: Read<Record_> = (value, path) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record_)
      : fail(path === "" ? "the file" : path, "must be an object");
  const string: Read<string> = (value, path) => (typeof value === "string" ? value : fail(path, "must be a string"));
  const optional =
    <T>(read: Read<T>): Read<T | undefined> =>
    (value, path) =>
      value === undefined ? undefined : read(value, path);
  const mapOf =
    <T>(read: Read<T>): Read<Readonly<Record<string, T>>> =>
    (value, path) =>
      Object.fromEntries(
        Object.entries(object(value ?? {}, path)).map(([key, one]) => [key, read(one, join(path, key))]),
      );
  const fields = (value: unknown, path: string, known: readonly string[]): Record_ => {
    const record = object(value, path);
    const stray = Object.keys(record).find((key) => !known.includes(key));
    if (stray !== undefined) fail(join(path, stray), `is not known; known are ${known.join(", ")}`);
    return record;
  };

  const policyOf =
    (kind: PolicyKind): Read<Policy> =>
    (value, path) =>
      parsePolicy(value, path, kind, fail);
  const policy = policyOf("caller");
  const role: Read<Role> = (value, path) => {
    const record = fields(value, path, ["trust", "policy", "boundary", "maxSessionDuration"]);
    const longest = record.maxSessionDuration;
    const isSane = Number.isInteger(longest) && Number(longest) >= 3600 && Number(longest) <= 43200;
    if (longest !== undefined && !isSane) fail(`${path}.maxSessionDuration`, "must be 3600 to 43200 seconds");
    return compact({
      trust: policyOf("trust")(record.trust, `${path}.trust`),
      policy: optional(policy)(record.policy, `${path}.policy`),
      boundary: optional(policy)(record.boundary, `${path}.boundary`),
      maxSessionDuration: longest as number | undefined,
    });
  };
  const user: Read<User> = (value, path) => {
    const record = fields(value, path, ["accessKeyId", "secretAccessKey", "policy", "boundary", "mfaSecret"]);
    const mfaSecret = optional(string)(record.mfaSecret, `${path}.mfaSecret`);
    if (mfaSecret !== undefined && !isBase32(mfaSecret))
      fail(`${path}.mfaSecret`, "must be base32: at least 16 of A-Z and 2-7");
    return compact({
      mfaSecret,
      accessKeyId: string(record.accessKeyId, `${path}.accessKeyId`),
      secretAccessKey: string(record.secretAccessKey, `${path}.secretAccessKey`),
      policy: optional(policy)(record.policy, `${path}.policy`),
      boundary: optional(policy)(record.boundary, `${path}.boundary`),
    });
  };
  const bucket: Read<Bucket> = (value, path) => {
    const record = fields(value, path, ["region", "policy", "objects"]);
    return compact({
      region: optional(string)(record.region, `${path}.region`),
      policy: optional(policyOf("resource"))(record.policy, `${path}.policy`),
      objects: mapOf(string)(record.objects, `${path}.objects`),
    });
  };
  const fault = (text: string, path: string): Fault =>
    parseFault(text) ?? fail(path, `has "${text}", which is not one of ${FAULT_KINDS.join(", ")} (docs/sandbox.md)`);
  const provider: Read<{ audiences: string[] }> = (value, path) => {
    const { audiences } = fields(value, path, ["audiences"]);
    return { audiences: [audiences].flat().map((one) => string(one, `${path}.audiences`)) };
  };
  const account: Read<Account> = (value, path) => {
    if (!/^accounts\.\d{12}$/.test(path)) fail(path, "is no account id: twelve digits");
    const record = fields(value, path, [
      ...["roles", "users", "buckets", "policies", "oidcProviders"],
      ...["serviceControlPolicy", "resourceControlPolicy", "disabledRegions"],
    ]);
    const { disabledRegions } = record;
    return compact({
      serviceControlPolicy: optional(policy)(record.serviceControlPolicy, `${path}.serviceControlPolicy`),
      resourceControlPolicy: optional(policyOf("resource-control"))(
        record.resourceControlPolicy,
        `${path}.resourceControlPolicy`,
      ),
      disabledRegions:
        disabledRegions === undefined
          ? undefined
          : [disabledRegions].flat().map((one) => string(one, `${path}.disabledRegions`)),
      policies: mapOf(policy)(record.policies, `${path}.policies`),
      oidcProviders: mapOf(provider)(record.oidcProviders, `${path}.oidcProviders`),
      roles: mapOf(role)(record.roles, `${path}.roles`),
      users: mapOf(user)(record.users, `${path}.users`),
      buckets: mapOf(bucket)(record.buckets, `${path}.buckets`),
    });
  };

  const top = fields(data, "", [
    ...["accounts", "instance", "container", "webIdentity", "endpointPolicy"],
    ...["clockOffset", "longestSession", "faults", "files"],
  ]);
  const token = optional((value, path) => fields(value, path, ["issuer", "subject", "audience", "file"]))(
    top.webIdentity,
    "webIdentity",
  );
  const { clockOffset, longestSession } = top;
  if (longestSession !== undefined && !(typeof longestSession === "number" && longestSession > 0))
    fail("longestSession", "must be a number of seconds above 0");
  if (clockOffset !== undefined && !(typeof clockOffset === "number" && Math.abs(clockOffset) <= LONGEST_OFFSET))
    fail("clockOffset", "must be a number of seconds, a hundred years at most");
  const faults = optional((value, path) => [value].flat().map((one) => fault(string(one, path), path)))(
    top.faults,
    "faults",
  );
  const instance = optional((value, path) => fields(value, path, ["role", "region", "id"]))(top.instance, "instance");
  const container = optional((value, path) => fields(value, path, ["role", "token"]))(top.container, "container");
  const world: World = compact({
    clockOffset: clockOffset,
    longestSession: longestSession,
    faults,
    endpointPolicy: optional(policyOf("endpoint"))(top.endpointPolicy, "endpointPolicy"),
    webIdentity: token && {
      issuer: string(token.issuer, "webIdentity.issuer").replace(/^https:\/\//, ""),
      subject: string(token.subject, "webIdentity.subject"),
      audience: optional(string)(token.audience, "webIdentity.audience") ?? "sts.amazonaws.com",
      file: string(token.file, "webIdentity.file"),
    },
    accounts: mapOf(account)(top.accounts, "accounts"),
    files: mapOf(string)(top.files, "files"),
    instance:
      instance &&
      compact({
        role: optional(string)(instance.role, "instance.role"),
        region: optional(string)(instance.region, "instance.region") ?? "us-east-1",
        id: optional(string)(instance.id, "instance.id") ?? "i-0123456789abcdef0",
      }),
    container:
      container &&
      compact({
        role: string(container.role, "container.role"),
        token: optional(string)(container.token, "container.token"),
      }),
  });
  checkWorld(world, fail);
  return world;
}

const join = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

/** Without the fields that are undefined. */
function compact<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}
