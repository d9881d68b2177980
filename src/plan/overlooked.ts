// Warns of credentials that the default chain finds and does not use. A separate part of the bundle: only calls without a profile need it.
import { variable, type Environment } from "../context/types.ts";
import { inDefaultChain, ORDER, type Winner } from "./default-order.ts";

/**
 * Warnings about credentials that lose to the winner, and about variables that have no effect without another one.
 * @param own how the profile was named, if there is one
 */
export function overlooked(env: Environment, winner: Winner, own: string | undefined, name: string): string[] {
  return [...winnerWarnings(env, winner, own, name), ...halves(env, winner)];
}

/** Says in one warning what the winner takes precedence over. */
function winnerWarnings(env: Environment, winner: Winner, own: string | undefined, name: string): string[] {
  const isOfProfile = winner === "role" || winner === "profile";
  const set = (of: Winner): string[] =>
    (inDefaultChain(of)?.variables ?? []).filter((one) => variable(env, one) !== undefined).slice(0, 1);
  const wins = isOfProfile
    ? `profile "${name}" wins`
    : (inDefaultChain(winner)?.wins ?? `${set(winner).join("")} wins`);
  const losers = [
    ...(isOfProfile || own === undefined ? [] : [own]),
    ...ORDER.filter((one) => one !== winner).flatMap(set),
  ];
  return [...(losers.length === 0 ? [] : [`${wins} over ${inWords(losers)}`]), ...otherName(env)];
}

/** The AWS CLI 2 reads AWS_PROFILE first, the AWS CLI 1 and boto3 the other one. */
function otherName(env: Environment): string[] {
  const [first, second] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].map((name) => variable(env, name));
  if (first === undefined || second === undefined || first === second) return [];
  return [`AWS_PROFILE=${first} wins over AWS_DEFAULT_PROFILE=${second}`];
}

const inWords = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;

/** Warns of variables that have an effect only together with another one that is not set. */
function halves(env: Environment, winner: Winner): string[] {
  const isSet = (name: string): boolean => variable(env, name) !== undefined;
  const alone = (names: readonly string[], others: readonly string[]): string[] =>
    others.some(isSet)
      ? []
      : names
          .filter(isSet)
          .slice(0, 1)
          .map((one) => `${one} is set without ${others.join(" or ")}, and is not used`);
  return [
    ...ORDER.flatMap((one) => {
      const { halves: names = [], variables = [] } = inDefaultChain(one) ?? {};
      return alone(names, variables);
    }),
    // [pinned] The AWS CLI reads the credential files of older tools, after the profile and before the container; xrole and the SDKs do not.
    ...(ORDER.indexOf(winner) > ORDER.indexOf("profile") && isSet("AWS_CREDENTIAL_FILE")
      ? ["AWS_CREDENTIAL_FILE is not read; put its keys into ~/.aws/credentials"]
      : []),
  ];
}
