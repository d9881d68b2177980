import { describe, expect, it } from "vitest";
import { errorTables } from "../../../src/errors/page.ts";
import { XroleError } from "../../../src/errors/error.ts";
import type { Row } from "../../../src/errors/row.ts";
import { STATUS } from "../../../src/errors/status.ts";
import { TABLE } from "../../../src/errors/table.ts";

const rows = Object.entries<Row<never>>(TABLE);

describe("the error table", () => {
  it("is what the page has, each code once", () => {
    const codes = errorTables()
      .split("\n")
      .filter((line) => line.startsWith("| `"))
      .map((line) => line.split("`")[1]);
    expect(codes.toSorted()).toEqual(Object.keys(TABLE).sort());
  });

  it.each(rows)("has in %s a status that docs/contract.md knows, and says when and what to do", (code, each) => {
    const known: readonly number[] = Object.values(STATUS);
    expect(known).toContain(each.status);
    expect(known).toContain(each.or?.status ?? each.status);
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    // Both are cells of a Markdown table, and no sentences.
    for (const text of [each.when, each.fix]) expect(text).toMatch(/^[^|\n]+[^|\n.]$/);
  });

  it.each(rows.filter(([, { or }]) => or))("has in %s another status for some details only", (_, { status, or }) => {
    expect(or?.status).not.toBe(status);
  });

  it("gives an error its status by the details", () => {
    const at = { endpoint: "http://127.0.0.1", detail: "" };
    expect(new XroleError("container-refused", { ...at, status: 403 }).status).toBe(STATUS.refused);
    expect(new XroleError("container-refused", { ...at, status: 503 }).status).toBe(STATUS.tryLater);
  });

  it("holds the type of each error's details", () => {
    const wrong = [
      // @ts-expect-error a detail of another type
      () => new XroleError("duration-refused", { role: "r", seconds: "900" }),
      // @ts-expect-error a detail that is missing
      () => new XroleError("duration-refused", { role: "r" }),
      // @ts-expect-error a detail that the code does not have
      () => new XroleError("sts-timeout", { endpoint: "e", role: "r" }),
      // @ts-expect-error details for a code without any
      () => new XroleError("mfa-without-keys", { role: "r" }),
      // @ts-expect-error no such code
      () => new XroleError("sts-tired", {}),
    ];
    expect(wrong).toHaveLength(5);
  });
});
