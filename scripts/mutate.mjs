// Changes one place of a source file at a time, and tells which changes no test notices:
//
//   node scripts/mutate.mjs src/sts/client.ts [--lines 60-120] [--only REGEXP] test/unit/sts/client.test.ts test/themes/credentials/sources.test.ts
//
// Every change is made in a copy of the tree, where the tests named run as they are: unit tests first, in one vitest for all changes;
// then those of commands/ and themes/, one by one, which build the binary first. The first that fails ends a change's run. Status 1 where a
// change survives. A survivor is a missing test, or a change that makes no difference.
import { fork, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import ts from "typescript";

/** Minutes for a scenario's file, and for all unit tests; longer is a change that was noticed. */
const LIMIT = 5;
const UNIT_LIMIT = 1;
const ROOT = resolve(import.meta.dirname, "..");
const { SyntaxKind: Kind } = ts;

/** What stands in an operator's place; `left` and `right` are one side alone. */
const OPERATORS = {
  [Kind.EqualsEqualsEqualsToken]: ["!=="],
  [Kind.ExclamationEqualsEqualsToken]: ["==="],
  [Kind.LessThanToken]: ["<=", ">="],
  [Kind.LessThanEqualsToken]: ["<", ">"],
  [Kind.GreaterThanToken]: [">=", "<="],
  [Kind.GreaterThanEqualsToken]: [">", "<"],
  [Kind.AmpersandAmpersandToken]: ["left", "right", "||"],
  [Kind.BarBarToken]: ["left", "right", "&&"],
  [Kind.QuestionQuestionToken]: ["left", "right"],
  [Kind.PlusToken]: ["-"],
  [Kind.MinusToken]: ["+"],
  [Kind.AsteriskToken]: ["/", "left"],
  [Kind.SlashToken]: ["*", "left"],
  [Kind.PercentToken]: ["left"],
};
/** Methods whose result is of the kind that they are called on. */
const PLAIN_METHODS = new Set(["filter", "map", "slice", "sort", "toLowerCase", "trim", "trimEnd", "trimStart"]);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { lines: { type: "string" }, only: { type: "string" }, list: { type: "boolean", default: false } },
});
const [source, ...tests] = positionals;
if (source === undefined || (tests.length === 0 && !values.list)) {
  console.error("usage: node scripts/mutate.mjs SOURCE [--lines FROM-TO] [--only REGEXP] [--list] TEST...");
  process.exit(64);
}

/** The vitest of the unit tests, once it runs. */
let runner;
const text = readFileSync(join(ROOT, source), "utf8");
const [from = 1, to = Infinity] = (values.lines ?? "").split("-").filter(Boolean).map(Number);
const wanted = mutationsOf(text).filter(
  ({ line, what }) => line >= from && line <= to && (values.only === undefined || new RegExp(values.only).test(what)),
);
if (values.list) for (const { line, what } of wanted) console.log(`${source}:${line}: ${what}`);
else await run();

async function run() {
  const tree = mkdtempSync(join(tmpdir(), "xrole-mutate-"));
  const survivors = [];
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));
  process.on("exit", () => {
    endUnits();
    rmSync(tree, { recursive: true, force: true });
  });
  for (const name of ["bin", "docs", "examples", "scripts", "src", "test"])
    cpSync(join(ROOT, name), join(tree, name), { recursive: true });
  for (const name of ["CHANGELOG.md", "LICENSE", "README.md", "package.json", "tsconfig.json", "vitest.config.ts"])
    cpSync(join(ROOT, name), join(tree, name));
  symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"));
  if (!(await passes(tree))) throw new Error("the tests fail without a change");
  for (const [index, { line, what, mutant }] of wanted.entries()) {
    writeFileSync(join(tree, source), mutant);
    // Once more where it seems that nobody notices: a vitest that is busy may not have seen the change.
    const isNoticed = !(await passes(tree)) || !(await passes(tree));
    if (!isNoticed) survivors.push(`${source}:${line}: ${what}`);
    console.log(`${index + 1}/${wanted.length} ${isNoticed ? "noticed " : "SURVIVED"} ${source}:${line}: ${what}`);
  }
  console.log(`${survivors.length} of ${wanted.length} survived`);
  for (const one of survivors) console.log(`  ${one}`);
  process.exit(survivors.length > 0 ? 1 : 0);
}

async function passes(tree) {
  const isScenario = (test) => /^test\/(commands|themes)\//.test(test);
  const units = tests.filter((test) => !isScenario(test));
  if (units.length > 0 && !(await unitsPass(tree, units))) return false;
  return tests.filter(isScenario).every((test) => {
    const words = ["node_modules/vitest/vitest.mjs", "run", "--bail", "1", test];
    return spawnSync(process.execPath, words, { cwd: tree, stdio: "ignore", timeout: LIMIT * 60_000 }).status === 0;
  });
}

/** Whether the unit tests pass, in a process group of its own: a change may have made an endless loop in its workers. */
function unitsPass(tree, units) {
  runner ??= fork(join(tree, "scripts/again.mjs"), units, { cwd: tree, stdio: "ignore", detached: true });
  return new Promise((resolve) => {
    const timer = setTimeout(endUnits, UNIT_LIMIT * 60_000);
    const settle = (isPassed) => {
      clearTimeout(timer);
      runner.off("message", settle).off("exit", ended);
      resolve(isPassed === true);
    };
    const ended = () => {
      settle(false);
      runner = undefined;
    };
    runner.on("message", settle).on("exit", ended);
    runner.send(join(tree, source));
  });
}

function endUnits() {
  if (runner?.pid !== undefined && runner.exitCode === null) process.kill(-runner.pid, "SIGKILL");
}

/** Every change of the text, in its order: the line, what changes into what, and the whole text with it. */
function mutationsOf(text) {
  const file = ts.createSourceFile("source.ts", text, ts.ScriptTarget.Latest, true);
  const found = [];
  const replace = (node, by, shown = by) => {
    const [start, end] = [node.getStart(file), node.getEnd()];
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    const before = text.slice(start, end).replace(/\s+/g, " ");
    found.push({
      line,
      what: `${before} -> ${shown || "nothing"}`,
      mutant: text.slice(0, start) + by + text.slice(end),
    });
  };
  visit(file);
  return found;

  function visit(node) {
    // Types and imports are nothing that runs.
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
    if (ts.isTypeAliasDeclaration(node) || ts.isExportDeclaration(node)) return;
    change(node);
    ts.forEachChild(node, visit);
  }

  function change(node) {
    const source = (one) => text.slice(one.getStart(file), one.getEnd());
    if (ts.isBinaryExpression(node)) {
      const [left, right] = [source(node.left), source(node.right)];
      for (const by of OPERATORS[node.operatorToken.kind] ?? [])
        replace(node, by === "left" ? left : by === "right" ? right : `${left} ${by} ${right}`);
    } else if (ts.isPrefixUnaryExpression(node) && node.operator === Kind.ExclamationToken) {
      replace(node, source(node.operand));
    } else if (node.kind === Kind.TrueKeyword) {
      replace(node, "false");
    } else if (node.kind === Kind.FalseKeyword) {
      replace(node, "true");
    } else if (ts.isNumericLiteral(node)) {
      replace(node, `(${node.text} + 1)`);
      // One more makes no difference to most times and sizes.
      if (Number(node.text) >= 100) replace(node, `(${node.text} * 10)`);
    } else if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
      // A name stays what it is, and an element of a list goes as a whole.
      const isName = ts.isPropertyAssignment(node.parent) && node.parent.name === node;
      if (!isName && !ts.isArrayLiteralExpression(node.parent)) replace(node, node.text === "" ? '"changed"' : '""');
    } else if (ts.isTemplateExpression(node)) {
      replace(node, '""');
    } else if (ts.isRegularExpressionLiteral(node)) {
      const [, pattern = "", flags = ""] = /^\/(.*)\/(\w*)$/s.exec(node.text) ?? [];
      if (pattern.startsWith("^")) replace(node, `/${pattern.slice(1)}/${flags}`);
      if (pattern.endsWith("$")) replace(node, `/${pattern.slice(0, -1)}/${flags}`);
      if (flags.includes("i")) replace(node, `/${pattern}/${flags.replace("i", "")}`);
    } else if (ts.isIfStatement(node) || ts.isConditionalExpression(node)) {
      const condition = ts.isIfStatement(node) ? node.expression : node.condition;
      replace(condition, "true");
      replace(condition, "false");
    } else if (ts.isArrayLiteralExpression(node) && !isPattern(node)) {
      for (const one of node.elements) without(node.elements, one);
    } else if (ts.isObjectLiteralExpression(node) && !isPattern(node)) {
      for (const one of node.properties) without(node.properties, one);
      node.properties.forEach((one, index) => swapped(one, node.properties[index + 1]));
    } else if (ts.isExpressionStatement(node)) {
      replace(node, ";", "");
    } else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      if (PLAIN_METHODS.has(node.expression.name.text)) replace(node, source(node.expression.expression));
    }
  }

  /** The values of two properties that follow each other, each by the other's name. */
  function swapped(one, next) {
    const parts = [one, next].map((property) => {
      if (property === undefined || !property.name) return undefined;
      const value = ts.isPropertyAssignment(property) ? property.initializer : property.name;
      const isPlain = ts.isPropertyAssignment(property) || ts.isShorthandPropertyAssignment(property);
      return isPlain
        ? [
            text.slice(property.name.getStart(file), property.name.getEnd()),
            text.slice(value.getStart(file), value.getEnd()),
          ]
        : undefined;
    });
    const [first, second] = parts;
    if (!first || !second || first[1] === second[1]) return;
    const [start, end] = [one.getStart(file), next.getEnd()];
    const by = `${first[0]}: ${second[1]}, ${second[0]}: ${first[1]}`;
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    const what = `${text.slice(start, end).replace(/\s+/g, " ")} -> swapped`;
    found.push({ line, what, mutant: text.slice(0, start) + by + text.slice(end) });
  }

  /** An element, and the comma after it. */
  function without(list, one) {
    const next = list[list.indexOf(one) + 1];
    const [start, end] = [one.getStart(file), next ? next.getStart(file) : one.getEnd()];
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    const what = `${text.slice(start, one.getEnd()).replace(/\s+/g, " ")} -> nothing`;
    found.push({ line, what, mutant: text.slice(0, start) + text.slice(end) });
  }
}

/** What is assigned to, as in `[a, b] = c`. */
function isPattern(node) {
  return (
    ts.isBinaryExpression(node.parent) &&
    node.parent.left === node &&
    node.parent.operatorToken.kind === Kind.EqualsToken
  );
}
