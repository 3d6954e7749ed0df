import { isPlaceholder, knownForm } from "./forms";
import { namesSecret } from "./names";
import { holdsRandom, readableBase64 } from "./random";

/**
 * `name=value`, `"name": "value"`, `name => value` within a text. Linear: a name begins only where none goes on. After a colon
 * and a space a bare value is the last of its line, as in YAML; a sentence such as "password: ask the admin" has none.
 */
const PAIR =
  /(?<![\w./@-])(?<name>[\w.-]+)\\?["']?(?:[ \t]{0,3}(?:=>|:=|=)[ \t]{0,3}|[ \t]?:[ \t]{1,3}(?=\\?["']|[^\s"']+[ \t]*(?:$|[\n,;}#]))|:(?=\\?["']|[^\s\d"'/]))(?:\\?"(?<double>[^"\n]*)|'(?<single>[^'\n]*)|(?<bare>(?![|>[{])(?:\$\{\w{1,64}\}|[^\s"'&;,})\]])+))/g;

/** An option whose value is the next word. */
const OPTION = /^--?[A-Za-z][\w.-]*$/;

/** What takes "user:password". */
const LOGIN_OPTIONS = ["-u", "--user", "--proxy-user"];
/** Programs that take a password in an option of one letter; of MySQL's it is attached, as a word after "-p" is the database. */
const SHORT_OPTIONS: readonly (readonly [program: RegExp, option: RegExp])[] = [
  [/^(?:mysql|mariadb)/, /^-p(?=[^$-])/],
  [/^redis-cli/, /^-a/],
  [/^sshpass/, /^-p/],
];

/**
 * Why a text that may hold anything, by all appearance, holds a secret: "holds a token of GitHub". The secret itself is not said.
 * @param words the text as it was written; of a list of arguments each one, as a value follows its option
 */
export function secretInText(...words: readonly string[]): string | undefined {
  const text = words.join("\n");
  return plain(text) ?? inOptions(words) ?? readableBase64(text).map(plain).find((found) => found !== undefined);
}

function plain(text: string): string | undefined {
  const form = knownForm(text);
  if (form !== undefined) return `holds ${form}`;
  if (holdsPair(text, 2)) return "gives a value to what is named like a secret";
  return holdsRandom(text) ? "holds what looks like a random key" : undefined;
}

/** @param depth how deep to look into what stands in quotation marks, as in `value="user=a;password=b"` */
function holdsPair(text: string, depth: number): boolean {
  return [...text.matchAll(PAIR)].some(({ groups }) => {
    const { name, double, single, bare } = groups!;
    const quoted = double ?? single;
    return (namesSecret(name!) && tells(quoted ?? bare ?? "")) || (depth > 0 && quoted !== undefined && holdsPair(quoted, depth - 1));
  });
}

/** "--password hunter2", "-u user:password", in separate arguments or within a line for a shell. */
function inOptions(words: readonly string[]): string | undefined {
  const parts = words.flatMap((word) => word.split(/\s+/)).filter((part) => part !== "");
  let short: RegExp | undefined;
  const found = parts.some((part, index) => {
    short = SHORT_OPTIONS.find(([program]) => program.test(part.slice(part.lastIndexOf("/") + 1)))?.[1] ?? short;
    const next = (parts[index + 1] ?? "").replace(/^["']|["']$/g, "");
    if (short?.test(part)) return tells(part.replace(short, "") || next);
    if (next === "" || next.startsWith("-")) return false;
    if (LOGIN_OPTIONS.includes(part)) return /^[^\s:/]+:[^\s/]+$/.test(next) && !/^\d+:\d+$/.test(next) && tells(next.slice(next.indexOf(":") + 1));
    return (OPTION.test(part) || part === "requirepass") && namesSecret(part) && tells(next);
  });
  return found ? "gives a value to what is named like a secret" : undefined;
}

/** Why a value under a name is a secret: by what it is, or by the name. */
export function secretUnderName(name: string, value: string): string | undefined {
  if (value === "") return undefined;
  const found = secretInText(value);
  if (found !== undefined) return found;
  return namesSecret(name) && !isPath(value) && !isSwitch(value) && !/^\{\{[^{}]*\}\}$/.test(value) ? "looks like a secret" : undefined;
}

/** Whether a value says something: it is no name for another one, no place and no switch. */
function tells(value: string): boolean {
  return value !== "" && !isReference(value) && !isSwitch(value);
}

/** What stands for a value that is elsewhere. */
function isReference(value: string): boolean {
  return isPlaceholder(value) || isPath(value) || /^(?:\$\(.*|`.*|file:.*|env:\w+|arn:aws[\w-]*:(?:secretsmanager|ssm):.*)$/.test(value);
}

/** A path, as of a mounted secret, gives nothing away. */
function isPath(value: string): boolean {
  return /^\/[\w./-]+$/.test(value);
}

function isSwitch(value: string): boolean {
  return /^(?:true|false|yes|no|on|off|none|null|optional|required)$/i.test(value);
}
