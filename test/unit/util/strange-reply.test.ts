// Which replies are in the form in which AWS answers, and what is said of the others.
import { describe, expect, it } from "vitest";
import { ProxyError, strangeReply, webPage } from "../../../src/util/http.ts";

const BLAME = "which is no answer of AWS's: a proxy or a network's sign-in page may have sent it";
const PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head></html>";

describe("a reply in XML", () => {
  it.each([
    "<GetCallerIdentityResponse/>".replace("/>", " xmlns='x'/>"),
    "<AssumeRoleResponse></AssumeRoleResponse>",
    "<ErrorResponse><Error/></ErrorResponse>",
    "<Error>x</Error>",
    "<Response>x</Response>",
    ' <?xml version="1.0"?> <AssumeRoleResponse\nxmlns="x">',
    '<?xml version="1.0"?><AssumeRoleResponse>',
  ])("is %j", (body) => {
    for (const status of [200, 400, 429, 500]) expect(strangeReply({ status, body }, "xml")).toBeUndefined();
  });

  it.each<[number, string, string]>([
    [200, "", "it is empty, with status 200"],
    [499, " \n", "it is empty, with status 499"],
    [428, "", "it is empty, with status 428"],
    [200, "{}", "it is not XML of STS, with status 200"],
    [503, "try later", "it is not XML of STS, with status 503"],
    [200, "x<AssumeRoleResponse>", "it is not XML of STS, with status 200"],
    [200, "<Responses>", "it is not XML of STS, with status 200"],
    [200, "x<?xml?><AssumeRoleResponse>", "it is not XML of STS, with status 200"],
    [200, "<response>", "it is not XML of STS, with status 200"],
    [200, PAGE, 'it is a web page ("Sign in") with status 200'],
    [429, PAGE, 'it is a web page ("Sign in") with status 429'],
    [502, PAGE, 'it is a web page ("Sign in") with status 502'],
  ])("is not, with %i, %j", (status, body, said) => {
    expect(strangeReply({ status, body }, "xml")).toBe(`${said}, ${BLAME}`);
  });

  it.each([429, 500, 503])("need not be one with status %i, where it is empty", (status) => {
    for (const body of ["", " \r\n"]) expect(strangeReply({ status, body }, "xml")).toBeUndefined();
  });
});

describe("a reply in JSON", () => {
  it.each(["{}", ' {"a": 1}\n'])("is %j", (body) => {
    for (const status of [200, 400, 500]) expect(strangeReply({ status, body }, "json")).toBeUndefined();
  });

  it.each<[number, string, string]>([
    [200, "", "it is empty, with status 200"],
    [200, "[]", "it is not a JSON object, with status 200"],
    [200, "null", "it is not a JSON object, with status 200"],
    [200, '"text"', "it is not a JSON object, with status 200"],
    [200, "1", "it is not a JSON object, with status 200"],
    [403, "no", "it is not a JSON object, with status 403"],
    [200, PAGE, 'it is a web page ("Sign in") with status 200'],
    [503, PAGE, 'it is a web page ("Sign in") with status 503'],
  ])("is not, with %i, %j", (status, body, said) => {
    expect(strangeReply({ status, body }, "json")).toBe(`${said}, ${BLAME}`);
  });

  it.each([429, 500, 503])("need not be one with status %i, unless it is a page", (status) => {
    for (const body of ["", "slow down", "[]"]) expect(strangeReply({ status, body }, "json")).toBeUndefined();
  });
});

describe("a web page", () => {
  it.each<[string, string]>([
    ["<html>", "it is a web page"],
    ["<HTML>", "it is a web page"],
    ["x <!doctype HTML>", "it is a web page"],
    ["<h1>Gateway</h1>", "it is a web page"],
    ["<body bgcolor=red>", "it is a web page"],
    ["<title> </title>", "it is a web page"],
    ["<TITLE lang=en> Sign \n  in </TITLE>", 'it is a web page ("Sign in")'],
    [`<title>${"x".repeat(90)}</title>`, `it is a web page ("${"x".repeat(80)}")`],
    [`${" ".repeat(4091)}<html>`, "it is a web page"],
  ])("is %j", (body, said) => {
    expect(webPage(body)).toBe(said);
  });

  it.each(["", "html", "<htmlx>", "<hr>", "<Response>", `${" ".repeat(4092)}<html>`])("is not %j", (body) => {
    expect(webPage(body)).toBeUndefined();
  });
});

it("knows a proxy's error by its name, whichever copy of the class made it", () => {
  const twin = Object.assign(new Error("x"), { name: "ProxyError" });
  expect(twin instanceof ProxyError).toBe(true);
  expect(new Error("x") instanceof ProxyError).toBe(false);
  expect(({ name: "ProxyError" } as unknown) instanceof ProxyError).toBe(false);
  const cause = new Error("why");
  expect(new ProxyError("no", { status: 403, cause })).toMatchObject({
    message: "no",
    status: 403,
    isUnreachable: false,
    cause,
  });
  expect(new ProxyError("no", { isUnreachable: true })).toMatchObject({ status: undefined, isUnreachable: true });
});
