// Writes a graph of sources and roles, as text for people and as a Mermaid flowchart.
import { roleName } from "./describe.ts";
import type { Graph, GraphEdge, GraphNode } from "./graph.ts";

/** Each account with its roles, and below each role the identities that assume it. Sources that profiles use without a role come last. */
export function graphText({ nodes, edges }: Graph): string {
  const leading = groupBy(edges, ({ to }) => to);
  const lines = byAccount(nodes).flatMap(([account, roles]) => [
    `account ${account}`,
    ...roles.flatMap((role) => [
      `  ${roleName(role.text)}`,
      ...(leading.get(role) ?? []).map((edge) => `    <- ${nodeName(edge.from)}${shown(edge.profiles, "   profile ")}`),
    ]),
  ]);
  const used = nodes.filter(({ profiles }) => profiles.length > 0);
  return [...lines, ...(used.length > 0 ? ["no role", ...used.map(usedLine)] : [])].map((line) => `${line}\n`).join("");
}

const usedLine = ({ text, profiles }: GraphNode): string => `  ${text}${shown(profiles, "   profile ")}`;

function nodeName({ roleArn, account, text }: GraphNode): string {
  return roleArn === undefined ? text : `${roleName(roleArn)} in account ${account ?? ""}`;
}

function shown(profiles: readonly string[], before: string): string {
  const names = profiles.filter((name) => name !== "");
  return names.length === 0 ? "" : `${before}${names.join(", ")}`;
}

/**
 * A flowchart from left to right: an account is a box of its roles. Source: "Flowcharts" of Mermaid's syntax reference.
 * @param visible replaces invisible characters: as an entity code, one would reach the page that Mermaid draws on
 */
export function graphMermaid({ nodes, edges }: Graph, visible: (text: string) => string): string {
  const quoted = (text: string): string => label(visible(text));
  const ids = new Map(nodes.map((node, index) => [node, `n${String(index)}`] as const));
  const id = (node: GraphNode): string => ids.get(node) ?? "";
  const sources = nodes.filter(({ roleArn }) => roleArn === undefined);
  const lines = [
    "flowchart LR",
    ...sources.map((node) => `  ${id(node)}(["${quoted([node.text, ...node.profiles].join(" / "))}"])`),
    ...byAccount(nodes).flatMap(([account, roles], index) => [
      `  subgraph a${String(index)}["account ${quoted(account)}"]`,
      ...roles.map((node) => `    ${id(node)}["${quoted(roleName(node.text))}"]`),
      "  end",
    ]),
    ...edges.map((edge) => `  ${id(edge.from)} -->${edgeLabel(edge, quoted)} ${id(edge.to)}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function edgeLabel({ profiles }: GraphEdge, quoted: (text: string) => string): string {
  const names = shown(profiles, "");
  return names === "" ? "" : `|"${quoted(names)}"|`;
}

/**
 * A label between double quotes, in which Mermaid reads entity codes such as `#35;`. Everything but letters, digits and a few marks is
 * written as one, so that quotes, Markdown, HTML and keywords have no meaning, and line ends do not break the line.
 */
const label = (text: string): string =>
  text.replace(/[^\p{L}\p{N} .,:/_@=+-]/gu, (char) => `#${String(char.codePointAt(0))};`);

function byAccount(nodes: readonly GraphNode[]): (readonly [account: string, roles: readonly GraphNode[]])[] {
  const roles = nodes.filter(({ roleArn }) => roleArn !== undefined);
  return [...groupBy(roles, ({ account = "" }) => account)];
}

/** The values grouped by key, in the order in which the keys first appear. */
function groupBy<Key, One>(all: readonly One[], keyOf: (one: One) => Key): Map<Key, One[]> {
  const groups = new Map<Key, One[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}
