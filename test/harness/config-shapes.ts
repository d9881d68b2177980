// Config files of any size in the shapes that make a careless reader slow: its time would grow with the square of the size.

const SIZE = 256 * 1024;

/** `unit` over and over, up to the size. */
const filled = (unit: string, size: number): string => unit.repeat(Math.ceil(size / unit.length));
/** Numbered pieces up to the size. */
function numbered(piece: (at: number) => string, size: number): string {
  const pieces: string[] = [];
  for (let at = 0, length = 0; length < size; at++) {
    const text = piece(at);
    pieces.push(text);
    length += text.length;
  }
  return pieces.join("");
}

/** A profile with a role, without what it is assumed from. */
const role = (name: string, number = 2): string =>
  `[profile ${name}]\nrole_arn=arn:aws:iam::${String(number).padStart(12, "0")}:role/r\n`;

const SHAPES: Readonly<Record<string, (size: number) => string>> = {
  "one header over and over": (size) => filled("[profile p]\n", size),
  "a header and an indented header": (size) => filled("[x]\n [y]\n", size),
  "headers that are indented deeper and deeper": (size) =>
    numbered((at) => `${" ".repeat(at % 700)}[profile p${at}]\n`, size),
  "one profile with a key, over and over": (size) => filled("[profile p]\nregion = a\n", size),
  "one profile with an indented key, over and over": (size) => filled("[profile p]\n region = a\n", size),
  "two profiles in turn": (size) => filled("[profile p]\nregion = a\n[profile q]\n region = b\n", size),
  "one key over and over": (size) => `[profile p]\n${filled("region = a\n", size)}`,
  "many keys": (size) => `[profile p]\n${numbered((at) => `key${at} = ${at}\n`, size)}`,
  "many keys with a blank in them": (size) => `[profile p]\n${numbered((at) => `a key${at} = ${at}\n`, size)}`,
  "one value continued over and over": (size) => `[profile p]\nregion = a\n${filled(" b\n", size)}`,
  "one block over and over": (size) => `[profile p]\ns3 =\n${filled(" a = b\n", size)}`,
  "one block of many keys": (size) => `[profile p]\ns3 =\n${numbered((at) => ` k${at} = b\n`, size)}`,
  "many blocks": (size) => `[profile p]\n${numbered((at) => `s${at} =\n a = b\n`, size)}`,
  "a nesting that goes deeper and deeper": (size) =>
    `[profile p]\ns3 =\n${numbered((at) => `${" ".repeat(at % 700)} a = b\n`, size)}`,
  "many profiles": (size) => numbered((at) => `[profile p${at}]\nregion = a\n`, size),
  "many empty profiles": (size) => numbered((at) => `[profile p${at}]\n`, size),
  "many profiles with names that look alike": (size) =>
    numbered((at) => `[profile ${"p".repeat(90)}${at}]\nregion = a\n`, size),
  "profiles that take each other's credentials": (size) =>
    numbered((at) => `[profile p${at}]\nrole_arn=arn:aws:iam::222222222222:role/r\nsource_profile=p${at + 1}\n`, size),
  "many profiles of one sso-session": (size) =>
    numbered((at) => `[sso-session s${at}]\nsso_region=a\n[profile p${at}]\nsso_session=s\nsso_role_name=r\n`, size),
  "profiles that each name a source of their own which is not there": (size) =>
    numbered((at) => `${role(`p${at}`)}source_profile=missing${at}\n`, size),
  "profiles with long names that name a source which is not there": (size) =>
    numbered((at) => `${role(`${"p".repeat(50)}${at}`)}source_profile=${"p".repeat(49)}${at}x\n`, size),
  "profiles from one profile": (size) =>
    `${role("p")}credential_source=Environment\n${numbered((at) => `${role(`p${at}`)}source_profile=p\n`, size)}`,
  "profiles from one profile that has no credentials": (size) =>
    `[profile p]\nregion=a\n${numbered((at) => `${role(`p${at}`)}source_profile=p\n`, size)}`,
  "profiles from one chain": (size) =>
    `${role("p")}credential_source=Environment\n${numbered((at) => `${role(`p${at}`)}source_profile=p${at > 28 ? 28 : at - 1}\n`, size).replace("p-1", "p")}`,
  "roles of their own from one profile": (size) =>
    `${role("p")}credential_source=Environment\n${numbered((at) => `${role(`p${at}`, at)}source_profile=p\n`, size)}`,
  "profiles in a circle": (size) =>
    `${numbered((at) => `${role(`p${at}`)}source_profile=p${at + 1}\n`, size)}${role("p")}source_profile=p0\n`.replace(
      /p\d+\n(?=\[profile p\]\n)/,
      "p\n",
    ),
  "profiles with a misspelt setting": (size) =>
    numbered((at) => `[profile p${at}]\nrole_arm=arn:aws:iam::222222222222:role/r\nsource_profile=p\n`, size),
  "profiles with misspelt settings and a chain": (size) =>
    numbered((at) => `${role(`p${at}`)}source_profile=p${at + 1}\nexternalidd=a\nmfa_serail_no=b\n`, size),
  "profiles with unknown settings": (size) =>
    numbered((at) => (at % 50 === 0 ? `[profile p${at}]\nrole_arn=a\n` : `unknown_set_${at}=1\n`), size),
  "profiles with an indented line": (size) =>
    numbered((at) => `[profile p${at}]\nregion = a\n role_arn = arn:aws:iam::222222222222:role/r\n`, size),
  "profiles with a misspelt credential_source": (size) =>
    numbered((at) => `${role(`p${at}`)}credential_source=Environmen\n`, size),
  "profiles whose sso-session is not there": (size) =>
    numbered((at) => `[profile p${at}]\nsso_session=s${at}\nsso_role_name=r\nsso_account_id=222222222222\n`, size),
  "comments alone": (size) => filled("# comment\n", size),
  "blank lines": (size) => filled("\n", size),
  "blank lines in a value": (size) => `[profile p]\nregion = a\n${filled(" \n", size)} b\n`,
  CRLF: (size) => filled("[profile p]\r\nregion = a\r\n b\r\n", size),
  "no line end at the end": (size) => filled("[profile p]\nregion = a", size),
  "carriage returns alone as line ends": (size) => filled("[profile p]\rregion = a\r b\r", size),
  "carriage returns alone": (size) => `[profile p]\nregion = ${filled("\r", size)}x\n`,
  "separators of Unicode": (size) => `[profile p]\nregion = ${filled(" #\u2028", size / 5)}x\n`,
  "lines without =": (size) => filled("x\n", size),
  "lines without = in a section": (size) => `[profile p]\n${filled("x\n", size)}`,
  "lines without = in a value": (size) => `[profile p]\nregion =\n${filled(" x\n", size)}`,
  "lines without = in a continued value": (size) => `[profile p]\nregion = a\n${filled(" x\n", size)}`,
};

/** What a line may consist of: each makes a line of its own, a value, a key and a header. */
const ALL_FILLS = [
  " ",
  "\t",
  "]",
  "[",
  "[]",
  '"',
  "'",
  '" ',
  "\\",
  "#",
  " #",
  ";",
  " ;",
  "=",
  " = ",
  "]#",
  "] ",
  "] #",
  "a ",
  "a",
  "\u00a0",
  "é",
  "p p",
  "*",
  "${",
];

/** Those that a reader is likeliest to trip over. */
export const FEW_FILLS: readonly string[] = [" ", "]", "[]", '"', "\\", " #", "=", "a "];

/** Every shape by its name. */
export function configShapes(fills: readonly string[] = ALL_FILLS): [name: string, text: string][] {
  const lines = fills.flatMap((fill): [string, string][] => {
    const text = filled(fill, SIZE);
    const name = JSON.stringify(fill);
    return [
      [`a line of ${name}`, `${text}\n`],
      [`a value of ${name}`, `[profile p]\nregion = ${text}x\n`],
      [`a value that ends in ${name}`, `[profile p]\nregion = x${text}\n`],
      [`a value continued by ${name}`, `[profile p]\nregion = a\n ${text}\n`],
      [`a key of ${name}`, `[profile p]\n${text}=x\n`],
      [`a header of ${name}`, `[profile ${text}]\nregion = x\n`],
      [`a header with ${name} after it`, `[profile p]${text}\nregion = x\n`],
      [`an open header of ${name}`, `[profile ${text}\n`],
      [`an sso-session of ${name}`, `[sso-session x${text}x]\nsso_region = x\n`],
    ];
  });
  return [...Object.entries(SHAPES).map(([name, make]): [string, string] => [name, make(SIZE)]), ...lines];
}
