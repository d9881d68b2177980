// Checks a world for values that have the right type and are still wrong: names that AWS would reject, duplicates of which one
// would silently replace the other, and files that cannot be written.
import type { Fail } from "../iam/policy-rules.ts";
import { findRole, type World } from "./world.ts";

/** Names with a path, as of users and roles. Sources: CreateRole and CreateUser of the IAM API reference. */
const NAME = /^([!-.0-~]+\/)*[\w+=,.@-]{1,64}$/;
/** Source: "General purpose bucket naming rules" of the S3 User Guide. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const ACCESS_KEY = /^\w{1,128}$/;

/** @throws what `fail` throws, for the first problem */
export function checkWorld(world: World, fail: Fail): void {
  const expectNew = onlyOnce(fail);
  for (const [accountId, { roles, users, buckets, policies = {} }] of Object.entries(world.accounts)) {
    const at = `accounts.${accountId}`;
    for (const [kind, named] of Object.entries({ roles, users, policies })) {
      for (const name of Object.keys(named)) {
        const path = `${at}.${kind}.${name}`;
        if (!NAME.test(name)) fail(path, "is not a name that IAM would take: letters, digits and +=,.@_-, 64 at most");
        // Neither path nor case makes a difference: the session of a role is identified by the name alone.
        expectNew(`${at}.${kind}.${name.split("/").at(-1)?.toLowerCase() ?? ""}`, path, "has the name of");
      }
    }
    for (const [name, { accessKeyId }] of Object.entries(users)) {
      const path = `${at}.users.${name}.accessKeyId`;
      if (!ACCESS_KEY.test(accessKeyId)) fail(path, "must be letters and digits, 128 at most");
      expectNew(`key ${accessKeyId}`, path, "is that of");
    }
    for (const [name, { objects }] of Object.entries(buckets)) {
      const path = `${at}.buckets.${name}`;
      if (!BUCKET.test(name)) fail(path, "is not a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens");
      expectNew(`bucket ${name}`, path, "has the name of");
      const key = Object.keys(objects).find((one) => one === "" || !isWellFormed(one) || Buffer.byteLength(one) > 1024);
      if (key !== undefined) fail(`${path}.objects.${key}`, "is not an object key: 1 to 1024 bytes of UTF-8");
    }
  }
  for (const [path, arn] of [
    ["instance.role", world.instance?.role],
    ["container.role", world.container?.role],
  ] as const) {
    if (arn !== undefined && !findRole(world, arn)) fail(path, `names ${arn}, which is no role of these accounts`);
  }
  checkFiles(world, fail);
}

function checkFiles({ files, webIdentity }: World, fail: Fail): void {
  const paths = new Set(Object.keys(files));
  if (webIdentity && paths.has(webIdentity.file)) fail("webIdentity.file", `is ${webIdentity.file}, one of the files`);
  if (webIdentity) paths.add(webIdentity.file);
  for (const path of paths) {
    const parts = path.split("/");
    if (/[\0\\]/.test(path) || parts.some((part) => ["", ".", ".."].includes(part)))
      fail(`files.${path}`, "must stay inside the home, as in .aws/config");
    const above = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
    const file = above.find((one) => paths.has(one));
    if (file !== undefined) fail(`files.${path}`, `cannot be below ${file}, which is a file`);
  }
}

/** Reports duplicates, with the place of the first one. */
function onlyOnce(fail: Fail): (thing: string, path: string, problem: string) => void {
  const known = new Map<string, string>();
  return (thing, path, problem) => {
    const before = known.get(thing);
    if (before !== undefined) fail(path, `${problem} ${before}`);
    known.set(thing, path);
  };
}

/** Half of a surrogate pair cannot be encoded as UTF-8. */
const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);
