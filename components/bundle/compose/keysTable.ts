import { COMPOSE_KEYS, KeyRow } from "./keys";

/** The table of every key, section by section, in Markdown: what docs/compose.md holds between its marks. */
export function keysTable(): string {
  const sections: readonly [title: string, holds: (key: string) => boolean][] = [
    ["Services", (key) => key.startsWith("services.*.") && !isDeploy(key)],
    ["`deploy`", isDeploy],
    ["Beside services", (key) => !key.startsWith("services.*.")],
  ];
  return sections.map(([title, holds]) => section(title, COMPOSE_KEYS.filter(([key]) => holds(key)))).join("\n\n");
}

const isDeploy = (key: string): boolean => /^services\.\*\.deploy\b/.test(key);

function section(title: string, rows: readonly KeyRow[]): string {
  return [`### ${title}`, "", "| Key | Here | `docker stack deploy` | |", "|---|---|---|---|", ...rows.map(line)].join("\n");
}

function line([key, effect, what = "", dockerStack]: KeyRow): string {
  const there = dockerStack ?? (effect === "honoured" ? "honours" : "the same");
  return `| \`${key.replace(/^services\.\*\./, "")}\` | ${effect === "honoured" ? "honoured" : `**${effect}**`} | ${there} | ${what} |`;
}
