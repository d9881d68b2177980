export const PHRASES: readonly { readonly name: string; readonly pattern: RegExp }[];
export function findPhrases(place: string): string[];
export function countPhrases(): Record<string, number>;
