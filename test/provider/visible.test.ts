import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { inspect } from "node:util";
import fc from "fast-check";
import { visibly } from "../../components/visibly";
import { wireError } from "../../provider/errors";
import { PartlyCreated } from "../../provider/resource";
import { message, visible, visibleInColour, visibleJson } from "../../provider/visible";

const ESC = "\x1b";

/** What somebody else's words may do to a terminal or to its reader, and how they come out. */
const ATTACKS: readonly [string, string, string][] = [
  ["fills the clipboard (OSC 52)", `${ESC}]52;c;cm0gLXJmIC8=\x07`, "\\u{1b}]52;c;cm0gLXJmIC8=\\u{7}"],
  ["fills the clipboard, ended by ST", `${ESC}]52;c;YQ==${ESC}\\`, "\\u{1b}]52;c;YQ==\\u{1b}\\"],
  ["clears the screen", `${ESC}[2J${ESC}[H`, "\\u{1b}[2J\\u{1b}[H"],
  ["resets the terminal", `${ESC}c`, "\\u{1b}c"],
  ["names the window", `${ESC}]0;root@prod\x07`, "\\u{1b}]0;root@prod\\u{7}"],
  ["hides a link (OSC 8)", `${ESC}]8;;http://evil${ESC}\\docs${ESC}]8;;${ESC}\\`, "\\u{1b}]8;;http://evil\\u{1b}\\docs\\u{1b}]8;;\\u{1b}\\"],
  ["moves the cursor up and writes over a line", `${ESC}[1A${ESC}[2Kall fine`, "\\u{1b}[1A\\u{1b}[2Kall fine"],
  ["writes over its own line", "failed\rall fine", "failed\\u{d}all fine"],
  ["writes over its own line, twice returned", "failed\r\r\nall fine", "failed\\u{d}\r\nall fine"],
  ["takes back letters", "not\b\b\bfine", "not\\u{8}\\u{8}\\u{8}fine"],
  ["deletes", "a\x7fb", "a\\u{7f}b"],
  ["uses the other screen", `${ESC}[?1049h`, "\\u{1b}[?1049h"],
  ["asks the terminal to answer as if typed", `${ESC}[6n${ESC}[c`, "\\u{1b}[6n\\u{1b}[c"],
  ["sets keys (DCS)", `${ESC}P1;1|17/6c73${ESC}\\`, "\\u{1b}P1;1|17/6c73\\u{1b}\\"],
  ["uses a C1 control for CSI", "\x9b2J", "\\u{9b}2J"],
  ["uses a C1 control for OSC", "\x9d52;c;YQ==\x9c", "\\u{9d}52;c;YQ==\\u{9c}"],
  ["uses NEL for a line end", "a\x85b", "a\\u{85}b"],
  ["turns to another character set (SO)", "a\x0eb\x0f", "a\\u{e}b\\u{f}"],
  ["moves down (VT, FF)", "a\x0bb\x0cc", "a\\u{b}b\\u{c}c"],
  ["rings", "\x07", "\\u{7}"],
  ["holds a NUL", "a\0b", "a\\u{0}b"],
  ["colours itself as if it were us", `${ESC}[32m✔ all fine${ESC}[0m`, "\\u{1b}[32m✔ all fine\\u{1b}[0m"],
  ["conceals", `${ESC}[8msecret`, "\\u{1b}[8msecret"],
  ["turns the order (RLO)", "user\u202e gpj.exe", "user\\u{202e} gpj.exe"],
  ["turns the order (isolates)", "\u2066a\u2069\u2067b\u2069", "\\u{2066}a\\u{2069}\\u{2067}b\\u{2069}"],
  ["marks a direction", "a\u200e\u200f\u061cb", "a\\u{200e}\\u{200f}\\u{61c}b"],
  ["hides in no width", "reg\u200bistry\u2060.example\ufeff", "reg\\u{200b}istry\\u{2060}.example\\u{feff}"],
  ["hides a joiner between letters", "ad\u200dmin", "ad\\u{200d}min"],
  ["hides a soft hyphen", "ad\u00admin", "ad\\u{ad}min"],
  ["breaks lines by Unicode", "a\u2028b\u2029c", "a\\u{2028}b\\u{2029}c"],
  ["fills with nothing", "a\u3164\u115f\uffa0b", "a\\u{3164}\\u{115f}\\u{ffa0}b"],
  ["smuggles letters as tags", "ok\u{e0041}\u{e0042}", "ok\\u{e0041}\\u{e0042}"],
  ["hangs a selector of the supplement on", "a\u{e0100}", "a\\u{e0100}"],
  ["is half a character", "a\ud83d b", "a\\u{d83d} b"],
  ["ends in half a character", "a\udc00", "a\\u{dc00}"],
  ["colours by Pulumi's own marks", "<{%fg 2%}>all fine<{%reset%}>", "\\u{3c}{%fg 2%}>all fine\\u{3c}{%reset%}>"],
  ["hides one mark in another", "<<{%bold%}>", "<\\u{3c}{%bold%}>"],
  ["leaves an escape at its very end", `fine${ESC}`, "fine\\u{1b}"],
  ["escapes twice", `${ESC}${ESC}[2J`, "\\u{1b}\\u{1b}[2J"],
  ["begins a comment of musical notes", "a\u{1d173}b", "a\\u{1d173}b"],
];

const ORDINARY = [
  "", "all fine", "Zürich, naïve, Łódź, Ἀθῆναι, Москва", "日本語 한국어 中文", "हिन्दी ไทย עברית العربية", "👍 👩‍🚀 👩🏽‍🚀 🏳️‍🌈 ❤️ 🇨🇭 1️⃣", "a\tb\nc\r\nd",
  "e\u0301 combining", "C:\\temp\\u{1b}", "${A} $(b) <c> {%d%} <{e}>", "│ └─ … ✔ ✘ ⠋ › · –", "\u00a0\u2009\u3000", "\ue000 private",
];

describe("somebody else's words", () => {
  it.each(ATTACKS)("one that %s", (_, words, shown) => expect(visible(words)).toBe(shown));
  it.each(ATTACKS)("one that %s, as JSON means the same", (_, words) => {
    const json = visibleJson(JSON.stringify({ words }));
    expect(visible(json)).toBe(json);
    expect(JSON.parse(json)).toEqual({ words });
  });
  it.each(ORDINARY.map((text) => [text]))("ordinary ones stay: %j", (text) => {
    expect(visible(text)).toBe(text);
    expect(message(text)).toBe(text);
  });

  it("leaves nothing that a terminal obeys in any text, and a text that it has been through as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const once = visible(text);
        // eslint-disable-next-line no-control-regex -- that is what is looked for
        expect(once.replaceAll("\r\n", "\n")).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/);
        expect(visible(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps our own colours on our own lines, and no other sequence", () => {
    expect(visibleInColour(`${ESC}[32m✔${ESC}[39m ${ESC}[1mweb${ESC}[22m`)).toBe(`${ESC}[32m✔${ESC}[39m ${ESC}[1mweb${ESC}[22m`);
    for (const [, words, shown] of ATTACKS.filter(([name]) => !name.startsWith("colours itself"))) expect(visibleInColour(words)).toBe(shown);
    for (const code of ["0", "8", "30", "37", "40", "5", "7", "31;8", "38;5;0", ""]) expect(visibleInColour(`${ESC}[${code}m`)).toBe(`\\u{1b}[${code}m`);
  });

  it("are cut in the middle where they are absurdly many", () => {
    const cut = message(`begin${"\x1b".repeat(10_000_000)}end`);
    expect(cut.length).toBeLessThan(300_000);
    expect(cut).toMatch(/^begin/);
    expect(cut).toMatch(/characters left out[\s\S]*end$/);
  });
});

describe("an error with somebody else's words", () => {
  const OSC = `${ESC}]52;c;YQ==\x07`;
  const SHOWN = "\\u{1b}]52;c;YQ==\\u{7}";

  it("goes to the engine visible, whatever kind of error it is", () => {
    for (const error of [new Error(OSC), OSC, new PartlyCreated("id", {}, new Error(OSC))]) {
      const wire = wireError(error, {});
      expect([wire.details, wire.message]).toEqual([SHOWN, SHOWN]);
      expect((wire.metadata?.get("grpc-status-details-bin") ?? []).join("")).not.toContain(ESC);
    }
  });

  it.each([["an error", new Error(OSC)], ["an error with a cause", new Error("ours", { cause: new Error(OSC) })], ["no error", OSC]])("leaves the program visible when %s is thrown", (_, thrown) => {
    let left: unknown;
    try {
      visibly(() => {
        throw thrown;
      });
    } catch (error) {
      left = error;
    }
    const text = left instanceof Error ? inspect(left) : String(left);
    expect(text).toContain(SHOWN);
    expect(text).not.toContain(ESC);
  });
});

describe("the ways to the terminal", () => {
  const ROOT = join(__dirname, "../..");
  /** The modules that write there themselves, and make visible what they write. */
  const EXITS = ["cli/terminal.ts", "provider/main.ts"];
  const sources = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts")).map((path) => join(folder, path));
  const writing = /\bconsole\s*[.[]|\bprocess\s*(?:\?\.|\.|\[)\s*["'`]?std(?:out|err)\b\s*["'`]?\]?\s*(?:\?\.|\.|\[)\s*["'`]?(?:write|end|_write)|\{[^}\n]*\bstd(?:out|err)\b[^}\n]*\}\s*=\s*process\b|from "node:(?:process|console|tty)"|createWriteStream\("\/dev\/|\bopenSync\("\/dev\//;

  it.each([
    "console.log(x)", "console.error(x)", 'console["log"](x)', "process.stdout.write(x)", "process.stderr.write(x)", 'process["stdout"].write(x)', "process.stdout?.write(x)",
    "process.stderr.end(x)", "const { stdout } = process", 'import { stdout } from "node:process"', 'createWriteStream("/dev/tty")', "process . stdout . write(x)",
  ])("are found where they are written as %s", (line) => expect(line).toMatch(writing));

  it("are these alone", () => {
    const found = ["provider", "components", "cli", "lab", "toolchain", "backup", "policy"].flatMap(sources).filter((path) => writing.test(readFileSync(join(ROOT, path), "utf8")));
    expect([...found, ...(writing.test(readFileSync(join(ROOT, "index.ts"), "utf8")) ? ["index.ts"] : [])].map((path) => relative("", path)).sort()).toEqual(EXITS);
  });
});
