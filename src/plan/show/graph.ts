// Combines plans into one graph: each source and role once, and the calls between them with the profiles that make them. Pure.
import { factsAbout } from "../../sources/kinds.ts";
import { accountOf, planRole } from "./describe.ts";
import type { Plan } from "../types.ts";

export interface GraphNode {
  /** Undefined for a source. */
  readonly roleArn?: string;
  /** A source in words; a role's ARN. */
  readonly text: string;
  readonly account?: string;
  /** The profiles that use this source without assuming a role. */
  readonly profiles: readonly string[];
}

export interface GraphEdge {
  readonly from: GraphNode;
  readonly to: GraphNode;
  /** The profiles that assume this role. */
  readonly profiles: readonly string[];
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

interface Growing {
  readonly profiles: string[];
}

/** The graph of the plans. What several plans share appears once. */
export function graphOf(plans: readonly Plan[]): Graph {
  const nodes = new Map<string, GraphNode & Growing>();
  const edges = new Map<string, Omit<GraphEdge, "profiles"> & { readonly names: Set<string> }>();
  const node = (key: string, made: Omit<GraphNode, "profiles">): GraphNode & Growing => {
    const found = nodes.get(key) ?? { ...made, profiles: [] };
    nodes.set(key, found);
    return found;
  };
  const role = (roleArn: string): GraphNode & Growing =>
    node(roleArn, { roleArn, text: roleArn, account: accountOf(roleArn) });
  const call = (from: GraphNode, to: GraphNode, profile: string): void => {
    const key = JSON.stringify([from.text, to.text]);
    const found = edges.get(key) ?? { from, to, names: new Set() };
    edges.set(key, found);
    found.names.add(profile);
  };

  for (const plan of plans) {
    const { source, hops, profile } = plan;
    const text = factsAbout(source).label(source);
    let at = node(`source ${text}`, { text });
    // If hops follow the role of a web identity, that role comes from a profile that the plan does not name.
    if (source.roleArn !== undefined) {
      const to = role(source.roleArn);
      call(at, to, hops.length === 0 ? profile : "");
      at = to;
    }
    for (const hop of hops) {
      const to = role(hop.roleArn);
      call(at, to, hop.profile);
      at = to;
    }
    if (planRole(plan) === undefined) at.profiles.push(profile);
  }
  return {
    nodes: [...nodes.values()],
    edges: [...edges.values()].map(({ names, ...edge }) => ({ ...edge, profiles: [...names] })),
  };
}
