// Copies and checks the options of a program, once: later changes to them have no effect. An unknown option is an error, because a mistake
// such as `profil` would otherwise lead to another identity.
import { closeNames } from "../config/close-names.ts";
import { XroleError } from "../errors/error.ts";
import { roleOptionRows, type LibraryName } from "../plan/options/role-options.ts";
import type { XroleOptions } from "./types.ts";

/** The copied options, with a policy as JSON. */
export type ReadOptions = Omit<XroleOptions, "policy"> & { readonly policy?: string };

type Read = (value: unknown, name: string) => unknown;

/** What copies the value of a role option that is no text, by how it is typed on the command line. */
const BY_TYPE = { list: nonEmpty(strings), flag: ofType("boolean") };

/** Each option, with what copies its value. @throws (each) XroleError `usage` for a value of another kind */
const OPTIONS = {
  profile: ofType("string"),
  ...(Object.fromEntries(
    roleOptionRows().map(([name, { type, field = name }]) => [field, type ? BY_TYPE[type] : ofType("string")]),
  ) as Record<LibraryName, Read>),
  durationSeconds: ofType("number"),
  tags: nonEmpty(stringsByName),
  policy: policyText,
  mfaCodeProvider: ofType("function"),
  minTtl: ofType("number"),
  fresh: ofType("boolean"),
  cache: ofType("boolean"),
  env: variables,
  warn: ofType("function"),
  debug: ofType("function"),
} satisfies Readonly<Record<keyof XroleOptions, Read>>;

/**
 * The options of a plain object; `{}` for undefined.
 * @throws XroleError `usage` for anything else, an unknown option, a value that is not of the option's kind, or one that throws when it
 *   is read
 */
export function readOptions(given: unknown): ReadOptions {
  // Without a prototype: what another library adds to every object is not an option.
  const options = Object.create(null) as Record<string, unknown>;
  if (given === undefined) return options;
  const names = readable("the options", () => {
    if (!isPlain(given)) throw wrong("the options", 'a plain object, such as { profile: "prod" }', given);
    // Those that are not enumerable too: an overlooked profile would end as somebody else.
    return Object.getOwnPropertyNames(given);
  });
  for (const name of names) {
    if (!Object.hasOwn(OPTIONS, name)) throw unknownOption(name);
    readable(name, () => {
      const value = (given as Readonly<Record<string, unknown>>)[name];
      if (value !== undefined) options[name] = OPTIONS[name as keyof XroleOptions](value, name);
    });
  }
  return options;
}

/**
 * What `read` gives. A getter or a Proxy may throw anything, a secret in its words: that error is not repeated.
 * @throws XroleError `usage`
 */
function readable<Result>(what: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof XroleError) throw error;
    throw new XroleError("usage", { problem: `${what} cannot be read: a getter or a Proxy throws an error` });
  }
}

function unknownOption(name: string): XroleError {
  const [close] = closeNames(name, Object.keys(OPTIONS));
  const hint = close === undefined ? undefined : `did you mean ${close}?`;
  return new XroleError("usage", { problem: `there is no option ${name}`, ...(hint !== undefined && { hint }) });
}

function ofType(type: "string" | "number" | "boolean" | "function"): Read {
  return (value, name) => {
    if (typeof value !== type) throw wrong(name, `of type ${type}`, value);
    return value;
  };
}

/** Treats an empty list or object as absent. */
function nonEmpty(read: (value: unknown, name: string) => object): Read {
  return (value, name) => {
    const copied = read(value, name);
    return Object.keys(copied).length > 0 ? copied : undefined;
  };
}

function strings(value: unknown, name: string): string[] {
  if (!Array.isArray(value)) throw wrong(name, "an array of strings", value);
  return Array.from(value as unknown[], (one, index) => {
    if (typeof one !== "string") throw wrong(`${name}[${index}]`, "of type string", one);
    return one;
  });
}

function stringsByName(value: unknown, name: string): Record<string, string> {
  if (!isPlain(value)) throw wrong(name, "a plain object of strings", value);
  return ownStrings(value, name);
}

/** Also accepts process.env, which is not a plain object. */
function variables(value: unknown, name: string): Record<string, string> {
  if (typeof value !== "object" || Object.prototype.toString.call(value) !== "[object Object]")
    throw wrong(name, "an object of strings, such as process.env", value);
  return ownStrings(value as Record<string, unknown>, name);
}

function ownStrings(value: Readonly<Record<string, unknown>>, name: string): Record<string, string> {
  const all = Object.getOwnPropertyNames(value).map((key) => [key, value[key]] as const);
  for (const [key, one] of all)
    if (one !== undefined && typeof one !== "string") throw wrong(`${name}["${key}"]`, "of type string", one);
  const copied = all.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.assign(Object.create(null) as Record<string, string>, Object.fromEntries(copied));
}

/** A policy as JSON. Values that JSON silently drops, such as the entries of a Map, are errors: they could be what limits the policy. */
function policyText(value: unknown, name: string): string {
  if (typeof value === "string") return value;
  if (!isPlain(value)) throw wrong(name, "JSON or a plain object", value);
  let text: string | undefined;
  try {
    text = JSON.stringify(value, (key, part: unknown) => {
      const isSaid = part === null || ["string", "boolean", "undefined"].includes(typeof part) || Number.isFinite(part);
      if (!isSaid && !Array.isArray(part) && !(isPlain(part) && isEnumerable(part)))
        throw wrong(`${name}: ${key}`, "what JSON can say", part);
      return part;
    });
  } catch (error) {
    if (error instanceof XroleError) throw error;
    throw new XroleError("usage", { problem: `${name} cannot be written as JSON` }, { cause: error });
  }
  // The object may have its own toJSON.
  if (!(text as string | undefined)?.startsWith("{"))
    throw new XroleError("usage", { problem: `${name} is not an object in JSON` });
  return text;
}

/** Whether a value is an object literal or comes from JSON.parse, in any realm. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Object.prototype.toString.call(value) !== "[object Object]")
    return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  // Properties that an object inherits would be overlooked. The `Object` of another realm is recognized by its methods.
  return prototype === null || Object.hasOwn(prototype, "isPrototypeOf");
}

/** Whether nothing in an object is hidden from JSON. */
const isEnumerable = (value: object): boolean =>
  Object.getOwnPropertyNames(value).length === Object.keys(value).length &&
  Object.getOwnPropertySymbols(value).length === 0;

const wrong = (what: string, expected: string, found: unknown): XroleError =>
  new XroleError("usage", { problem: `${what} must be ${expected}, not ${kindOf(found)}` });

/** The type of a value, in a word. Not the value itself, which may be a secret. */
function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "string") return value === "" ? "an empty string" : "string";
  if (typeof value !== "object") return typeof value;
  if (Array.isArray(value)) return "array";
  const maker: unknown = (value as { constructor?: unknown }).constructor;
  return typeof maker === "function" && /^\w+$/.test(maker.name) ? maker.name : "object";
}
