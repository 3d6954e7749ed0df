import { readFileSync } from "node:fs";
import ts from "typescript";

/** A block that a source file describes: the names in it, and what its doc comments say of some of them. */
export interface DocumentedBlock {
  readonly names: readonly string[];
  readonly comments: ReadonlyMap<string, string>;
}

/** The object literals of a source file that have doc comments on their members. */
export function documentedBlocks(path: string): DocumentedBlock[] {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  const blocks: DocumentedBlock[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) blocks.push(blockOf(node));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return blocks.filter(({ comments }) => comments.size > 0);
}

function blockOf({ properties }: ts.ObjectLiteralExpression): DocumentedBlock {
  const named = properties.flatMap((property) => (property.name !== undefined && ts.isIdentifier(property.name) ? [{ name: property.name.text, property }] : []));
  return {
    names: named.map(({ name }) => name),
    comments: new Map(named.flatMap(({ name, property }) => ts.getJSDocCommentsAndTags(property).filter(ts.isJSDoc).map((doc) => [name, textOf(doc)]))),
  };
}

const textOf = (doc: ts.JSDoc): string => (ts.getTextOfJSDocComment(doc.comment) ?? "").replace(/\s*\n\s*/g, " ");
