// Finds the functions that a module exports, with TypeScript's parser.
import { readFile } from "node:fs/promises";
import ts from "typescript";

/**
 * The names of the functions that a TypeScript file exports; types do not count.
 * @throws Error where it exports anything else: a caller can put off loading a function, but not a value
 */
export async function exportedFunctions(path) {
  const file = ts.createSourceFile(path, await readFile(path, "utf8"), ts.ScriptTarget.Latest);
  return file.statements.filter(isExport).flatMap((statement) => {
    if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) || statement.isTypeOnly) return [];
    const isNamed = ts.isFunctionDeclaration(statement) && statement.name && !has(statement, "DefaultKeyword");
    if (isNamed) return [statement.name.text];
    const { line } = file.getLineAndCharacterOfPosition(statement.getStart(file));
    throw new Error(`${path}:${line + 1}: a part that is loaded later exports declared functions and types only`);
  });
}

const has = (statement, keyword) =>
  ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind[keyword]);

const isExport = (statement) =>
  ts.isExportDeclaration(statement) || ts.isExportAssignment(statement) || has(statement, "ExportKeyword") === true;
