// The declarations of the library for its users' compilers: what tsc emits for src/library/types.ts, which imports one type. That
// type, the union of the error codes, is written out, so that the file needs no other.
import ts from "typescript";

const PUBLIC = "src/library/types.ts";
const HEAD = "// The types of xrole's library. Its documentation is docs/library.md.\n";

/** The text of the library's .d.ts file. */
export function declarations() {
  const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [PUBLIC] }, ts.sys, ".");
  const program = ts.createProgram([PUBLIC], {
    ...options,
    ...{ noEmit: false, declaration: true, emitDeclarationOnly: true, removeComments: false },
  });
  const source = program.getSourceFile(PUBLIC);
  let text = "";
  const { diagnostics } = program.emit(source, (_, emitted) => (text = emitted), undefined, true, {
    afterDeclarations: [selfContained(program.getTypeChecker())],
  });
  const found = [...program.getSemanticDiagnostics(source), ...diagnostics];
  if (found.length > 0) throw new Error(ts.formatDiagnostics(found, FORMAT));
  return HEAD + text;
}

/** Writes out the type of `type NAME = IMPORTED`, and leaves the imports out. Nothing else may use what is imported. */
const selfContained = (checker) => (context) => (file) => {
  const imported = new Set();
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      for (const name of importedNames(node)) imported.add(name);
      return undefined;
    }
    if (ts.isTypeAliasDeclaration(node) && ts.isTypeReferenceNode(node.type) && imported.has(node.type.typeName.text)) {
      const type = checker.getTypeAtLocation(ts.getParseTreeNode(node));
      const { modifiers, name, typeParameters } = node;
      return context.factory.updateTypeAliasDeclaration(node, modifiers, name, typeParameters, writtenOut(type));
    }
    if (ts.isImportTypeNode(node) || (ts.isIdentifier(node) && imported.has(node.text)))
      throw new Error(`${PUBLIC}: an imported type can only be given a name: type NAME = IMPORTED`);
    return ts.visitEachChild(node, visit, context);
  };
  /** A union is sorted, so that the same table gives the same text. */
  const writtenOut = (type) => {
    const node = checker.typeToTypeNode(type, undefined, WHOLE);
    if (!ts.isUnionTypeNode(node)) return node;
    const text = ({ literal }) => literal?.text ?? "";
    return context.factory.createUnionTypeNode([...node.types].sort((a, b) => (text(a) < text(b) ? -1 : 1)));
  };
  return ts.visitEachChild(file, visit, context);
};

const WHOLE = ts.NodeBuilderFlags.NoTruncation | ts.NodeBuilderFlags.InTypeAlias;

const importedNames = ({ importClause }) => {
  const { name, namedBindings } = importClause ?? {};
  return [name, ...(namedBindings?.elements?.map((element) => element.name) ?? [namedBindings?.name])]
    .filter((one) => one !== undefined)
    .map(({ text }) => text);
};

const FORMAT = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => ts.sys.getCurrentDirectory(),
  getNewLine: () => "\n",
};
