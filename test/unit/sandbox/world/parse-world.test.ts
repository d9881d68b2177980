// Data files whose values are of the right types, and which would yet play something else than they say.
import { describe, expect, it } from "vitest";
import { parseWorld } from "../../../../src/sandbox/world/parse-world.ts";

const A = "111111111111";
const trust = { Statement: { Effect: "Allow", Principal: { AWS: A }, Action: "sts:AssumeRole" } };
const user = (accessKeyId: string): object => ({ accessKeyId, secretAccessKey: "s" });
const account = (more: object): object => ({ accounts: { [A]: more } });

describe("a data file", () => {
  it.each<[string, object, string]>([
    ["with an account below another", { accounts: { [`x.${A}`]: {} } }, `accounts.x.${A} is no account id`],
    ["with an account that is a prototype", JSON.parse('{"accounts":{"__proto__":{}}}') as object, "is no account id"],
    [
      "with a key of two users",
      { accounts: { [A]: { users: { a: user("AKIAX") } }, "222222222222": { users: { b: user("AKIAX") } } } },
      `accounts.222222222222.users.b.accessKeyId is that of accounts.${A}.users.a.accessKeyId`,
    ],
    ["with a key that no request can name", account({ users: { a: user("a b") } }), "accessKeyId must be letters"],
    ["with a key of nothing", account({ users: { a: user("") } }), "accessKeyId must be letters"],
    ["with a user of no name", account({ users: { "": user("AKIAX") } }), "is not a name that IAM would take"],
    ["with a role that ends with its path", account({ roles: { "team/": { trust } } }), "is not a name"],
    [
      "with one role on two paths",
      account({ roles: { "a/app": { trust }, "b/App": { trust } } }),
      "roles.b/App has the name of",
    ],
    [
      "with a bucket of two accounts",
      { accounts: { [A]: { buckets: { reports: {} } }, "222222222222": { buckets: { reports: {} } } } },
      `accounts.222222222222.buckets.reports has the name of accounts.${A}.buckets.reports`,
    ],
    ["with a bucket that no path can name", account({ buckets: { "a/b": {} } }), "is not a bucket name"],
    ["with an object of no name", account({ buckets: { reports: { objects: { "": "x" } } } }), "is not an object key"],
    [
      "with an object of half a letter",
      account({ buckets: { reports: { objects: { "\ud800": "x" } } } }),
      "is not an object key",
    ],
    [
      "with a token in a file's place",
      { files: { t: "x" }, webIdentity: { issuer: "i", subject: "s", file: "t" } },
      "webIdentity.file is t, one of the files",
    ],
    ["with a clock that no date holds", { clockOffset: 1e300 }, "clockOffset must be a number of seconds"],
  ])("%s is refused", (_, data, message) => {
    expect(() => parseWorld(JSON.stringify(data), "world.json")).toThrow(message);
  });

  it("may hold a role and a user of the same name, and the same names in two accounts", () => {
    const one = {
      users: { app: user("AKIAX") },
      roles: { "team/app": { trust } },
      policies: { app: { Statement: [] } },
    };
    const other = { ...one, users: { app: user("AKIAY") } };
    const data = { accounts: { [A]: one, "222222222222": other } };
    expect(Object.keys(parseWorld(JSON.stringify(data), "world.json").accounts)).toEqual([A, "222222222222"]);
  });
});
