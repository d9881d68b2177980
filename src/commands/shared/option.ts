// The types of option declarations, and the type of an option's value, which follows from its declaration. Types only: not in the bundle.

interface Common {
  /** The option works and is documented, but is not in `--help`. */
  readonly hidden?: true;
  /** The options, as `--name`, that cannot be used together with it. */
  readonly conflicts?: readonly `--${string}`[];
}

interface Free {
  /** The option may be given several times. Its value is a list. */
  readonly repeatable?: true;
  /** Converts the typed text into the value. @throws XroleError */
  readonly parse?: (text: string) => unknown;
  readonly choices?: never;
}

interface OneOf {
  /** The allowed values. */
  readonly choices: readonly string[];
  readonly repeatable?: never;
  readonly parse?: never;
}

export type Traits = Common & (Free | OneOf);

/** `--name` for a flag, `--name <value>` for an option with a value; `--no-name` makes the value of `name` false. */
export type Option = readonly [flags: `--${string}`, text: string, traits?: Traits];

/** A word that is not an option: `<name>`, `[name]` if it may be left out, `[name...]` for any number. */
export type Argument = readonly [name: string, text: string, traits?: { readonly choices: readonly string[] }];

type CamelCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** The property with the value of an option: `roleArn` for `--role-arn <arn>`. */
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

/** The values of options. An option that is not given is absent. */
export type OptionValues<Options extends readonly Option[]> = {
  readonly [One in Options[number] as Key<One[0]>]?: Value<One>;
};

type Word<One extends Argument> = One[2] extends { readonly choices: readonly (infer Choice)[] } ? Choice : string;

/** The types of the words that are not options, from the declared arguments. */
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
