// The types that a declaration gives to what a command is called with. What must not compile is checked by `npm run types`.
import { describe, expectTypeOf, it } from "vitest";
import type { Declaration, Invocation } from "../../../../src/commands/shared/declaration.ts";

export const declaration = {
  name: "trial",
  group: "Other",
  summary: "a trial",
  arguments: [
    ["<action>", "what to do", { choices: ["list", "clear"] }],
    ["[profile]", "a profile"],
  ],
  options: [
    ["--json", "a flag"],
    ["--no-renew", "a flag"],
    ["--from-role <arn>", "a value"],
    ["--form <form>", "one of two", { choices: ["text", "json"] }],
    ["--port <number>", "a parsed value", { parse: (text: string) => Number(text) }],
    ["--tag <key>", "repeatable", { repeatable: true }],
    ["--size <number>", "both", { repeatable: true, parse: (text: string) => Number(text) }],
  ],
  examples: [],
} as const satisfies Declaration;
type Options = Invocation<typeof declaration>["options"];

describe("a declaration's types", () => {
  it("are those of its options, by name", () => {
    expectTypeOf<Options["json"]>().toEqualTypeOf<boolean | undefined>();
    expectTypeOf<Options["renew"]>().toEqualTypeOf<boolean | undefined>();
    expectTypeOf<Options["fromRole"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Options["form"]>().toEqualTypeOf<"text" | "json" | undefined>();
    expectTypeOf<Options["port"]>().toEqualTypeOf<number | undefined>();
    expectTypeOf<Options["tag"]>().toEqualTypeOf<readonly string[] | undefined>();
    expectTypeOf<Options["size"]>().toEqualTypeOf<readonly number[] | undefined>();
    expectTypeOf<Options["quiet"]>().toEqualTypeOf<boolean | undefined>();
    // @ts-expect-error a misspelt name
    expectTypeOf<Options["jsn"]>();
    // @ts-expect-error a role option of a command that takes none
    expectTypeOf<Options["roleArn"]>();
  });

  it("are those of its arguments, in their order", () => {
    expectTypeOf<Invocation<typeof declaration>["words"]>().toEqualTypeOf<readonly ["list" | "clear", string?]>();
  });

  it("has the role options where the command takes them", () => {
    type Role = Invocation<typeof declaration & { readonly roleOptions: "all" }>["options"];
    expectTypeOf<Role["policyArn"]>().toEqualTypeOf<readonly string[] | undefined>();
    expectTypeOf<Role["minTtl"]>().toEqualTypeOf<number | undefined>();
    type Uncached = Invocation<typeof declaration & { readonly roleOptions: "uncached" }>["options"];
    // @ts-expect-error an option of the cache
    expectTypeOf<Uncached["minTtl"]>();
  });
});
