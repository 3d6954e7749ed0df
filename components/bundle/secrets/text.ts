import { isPlaceholder, knownForm } from "./forms";
import { namesSecret } from "./names";
import { holdsRandom, readableBase64 } from "./random";

/**
 * `name=value`, `"name": "value"`, `name => value` within a text. Linear: a name begins only where none goes on. After a colon
 * and a space a bare value is the last of its line, as in YAML; a sentence such as "password: ask the admin" has none.
 */
const PAIR =
  /(?<![\w./@-])(?<name>[\w.-]+)\\?["']?(?:[ \t]{0,3}(?:=>|:=|=)[ \t]{0,3}|[ \t]?:[ \t]{1,3}(?=\\?["']|[^\s"']+[ \t]*(?:$|[\n,;}#]))|:(?=\\?["']|[^\s\d"'/]))(?:\\?"(?<double>[^"\n]*)|'(?<single>[^'\n]*)|(?<bare>(?![|>[{])[^\s"'&;,})\]]+))/g;

/** An option whose value is the next word. */
const OPTION = /^--?[A-Za-z][\w.-]*$/;

/** Programs that take a password in an option of one letter, with or without a space. */
const SHORT_OPTION = /\b(?:(?:mysql|mariadb)[\w-]{0,20}[^\n;|&]{0,512}? -p[^\s$-]|redis-cli[^\n;|&]{0,512}? -a ?[^\s$-]|sshpass -p ?[^\s$-])/;

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
  const pair = [...text.matchAll(PAIR)].find(({ groups }) => namesSecret(groups!["name"]!) && tells(groups!["double"] ?? groups!["single"] ?? groups!["bare"] ?? ""));
  if (pair !== undefined) return "gives a value to what is named like a secret";
  return holdsRandom(text) ? "holds what looks like a random key" : undefined;
}

/** "--password hunter2", "-u user:password", in separate arguments or within a line for a shell. */
function inOptions(words: readonly string[]): string | undefined {
  const parts = words.flatMap((word) => word.split(/\s+/)).filter((part) => part !== "");
  const found = parts.some((part, index) => {
    const next = (parts[index + 1] ?? "").replace(/^["']|["']$/g, "");
    if (next === "" || next.startsWith("-")) return false;
    if ((part === "-u" || part === "--user" || part === "--proxy-user") && /^[^\s:/]+:[^\s/]+$/.test(next)) return !isReference(next.slice(next.indexOf(":") + 1)) && !/^\d+:\d+$/.test(next);
    return (OPTION.test(part) || part === "requirepass") && namesSecret(part) && tells(next);
  });
  return found || SHORT_OPTION.test(words.join(" ")) ? "gives a value to what is named like a secret" : undefined;
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
