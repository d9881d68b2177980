// How an option is declared, and the type that its declaration gives to its value. Types alone: nothing of this is in the bundle.

interface Common {
  /** Works, and is in the documentation, but not in `--help`. */
  readonly hidden?: true;
  /** The options, as `--name`, that it cannot be used with. */
  readonly conflicts?: readonly `--${string}`[];
}

interface Free {
  /** It may be given several times: the value is the list of them. */
  readonly repeatable?: true;
  /** Makes the value out of the text that was typed. @throws XroleError */
  readonly parse?: (text: string) => unknown;
  readonly choices?: never;
}

interface OneOf {
  /** The values that it may have. */
  readonly choices: readonly string[];
  readonly repeatable?: never;
  readonly parse?: never;
}

export type Traits = Common & (Free | OneOf);

/** `--name` for a flag, `--name <value>` for an option with a value; `--no-name` makes the value of `name` false. */
export type Option = readonly [flags: `--${string}`, text: string, traits?: Traits];

/** A word that is no option: `<name>`, `[name]` where it may be left out, `[name...]` for any number. */
export type Argument = readonly [name: string, text: string, traits?: { readonly choices: readonly string[] }];

type CamelCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** The name under which the value of an option is found: `roleArn` for `--role-arn <arn>`. */
type Key<Flags extends string> = Flags extends `--no-${infer Name}`
  ? Key<`--${Name}`>
  : Flags extends `--${infer Name} <${string}`
    ? CamelCase<Name>
    : Flags extends `--${infer Name}`
      ? CamelCase<Name>
      : never;

type Single<Flags extends string, Has> = Has extends { readonly parse: (text: string) => infer Value }
  ? Value
  : Has extends { readonly choices: readonly (infer Choice)[] }
    ? Choice
    : Flags extends `${string}<${string}`
      ? string
      : boolean;

type Value<One extends Option> = One extends readonly [unknown, unknown, { readonly repeatable: true }]
  ? readonly Single<One[0], One[2]>[]
  : Single<One[0], One[2]>;

/** The values of options; one that is not given is absent. */
export type OptionValues<Options extends readonly Option[]> = {
  readonly [One in Options[number] as Key<One[0]>]?: Value<One>;
};

type Word<One extends Argument> = One[2] extends { readonly choices: readonly (infer Choice)[] } ? Choice : string;

/** The words that are no options, by their arguments. */
export type Words<Arguments extends readonly Argument[]> = Arguments extends readonly [
  infer First extends Argument,
  ...infer Rest extends readonly Argument[],
]
  ? First[0] extends `[${string}...]`
    ? readonly string[]
    : First[0] extends `[${string}`
      ? readonly [Word<First>?, ...Words<Rest>]
      : readonly [Word<First>, ...Words<Rest>]
  : readonly [];
