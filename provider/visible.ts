/*
 * Hosts, tasks, archives, registries and bundles are other people's; their words come to the operator's terminal by way of logs and
 * errors. What a terminal would obey, or a reader would not see, is written out.
 */

/** Joins emoji into one, "👩‍🚀", and stays where it does so. */
const EMOJI_JOINER = String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D(?=\p{Extended_Pictographic})`;

/** What is written out, by the reason. */
const HARMFUL = [
  // Controls, but tab and line feed; a carriage return only at the end of a line. An escape sequence begins with one of them.
  String.raw`[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]|\r(?!\n)`,
  // Line ends that editors and logs know and terminals do not.
  String.raw`[\u2028\u2029]`,
  // They turn the order of what follows: ALM, LRM and RLM, embeddings, overrides, isolates.
  String.raw`[\u061C\u200E\u200F\u202A-\u202E\u2066-\u206F]`,
  // Nothing is seen of them: soft hyphen, joiners, fillers, spaces without width, annotations, tags.
  String.raw`\u034F|[\u17B4-\u17B5]|[\u00AD\u115F\u1160\u180E\u200B-\u200D\u2060-\u2065\u3164\uFEFF\uFFA0\uFFF0-\uFFFB\u{1D173}-\u{1D17A}\u{E0000}-\u{E0FFF}]`,
  // Half of a character.
  String.raw`\p{Cs}`,
  // Pulumi's display takes "<{%fg 1%}>" for a colour.
  String.raw`<(?=\{%)`,
].join("|");

const HARMFUL_OR_JOINER = new RegExp(`${EMOJI_JOINER}|(${HARMFUL})`, "gu");

/**
 * The text with every character written out, as `\u{1b}`, that a terminal would obey or a reader would not see; letters of all languages
 * and emoji stay. A text that it has been through stays as it is. Pure.
 */
export function visible(text: string): string {
  return text.replace(HARMFUL_OR_JOINER, (found, harmful: string | undefined) => (harmful === undefined ? found : written(harmful)));
}

const written = (character: string): string => `\\u{${character.codePointAt(0)!.toString(16)}}`;

/** As {@link visible}, for a text that is JSON and stays so: `\u001b`. Such characters stand in its strings alone. */
export function visibleJson(text: string): string {
  const units = (character: string) => Array.from({ length: character.length }, (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`).join("");
  return text.replace(HARMFUL_OR_JOINER, (found, harmful: string | undefined) => (harmful === undefined ? found : units(harmful)));
}

/** The colours that our own command line uses, see picocolors: bold, dim, red to cyan, and their ends. */
// eslint-disable-next-line no-control-regex -- that is what they are
const COLOUR = /(\x1B\[(?:1|2|22|3[1-69])m)/;

/** As {@link visible}, for lines that our own command line has coloured: those codes stay. Other people's words go through `visible` before they get there. */
export function visibleInColour(text: string): string {
  return text.split(COLOUR).map((part, index) => (index % 2 === 1 ? part : visible(part))).join("");
}

/** How many characters of an error are passed on: a host may put megabytes into one. */
const LONGEST = 32 * 1024;

/** A message for the operator: visible, and cut where it is absurdly long, in the middle, as both ends tell something. */
export function message(text: string): string {
  if (text.length <= LONGEST) return visible(text);
  const half = LONGEST / 2;
  return `${visible(text.slice(0, half))}\n… ${text.length - LONGEST} characters left out …\n${visible(text.slice(-half))}`;
}
