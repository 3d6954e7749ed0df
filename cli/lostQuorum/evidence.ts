import type { Machine } from "../../provider/remote/machine";

/** How far a manager's copy of the Swarm's state goes, as far as that can be seen without a quorum. */
export interface RaftEvidence {
  /** Term and index of the last entry of its log, from what its engine said at an election; undefined when it is not in the journal. */
  readonly last?: { readonly term: number; readonly index: number };
  /** Highest index that the names of its files tell: of a snapshot, or of the entry that a log file begins with. */
  readonly files: number;
  /** When it wrote to its log last, milliseconds since 1970. */
  readonly written: number;
}

/**
 * Prints name and time of each file of raft, and the last place in the log that the engine named. A constant: the folder
 * comes as an argument. The log itself is encrypted; who asks for votes says its end in the clear.
 */
const LOOK = `
export LC_ALL=C
find "$1/swarm/raft" \\( -name '*.wal' -o -name '*.snap' \\) -printf 'file %f %T@\\n' 2>/dev/null
journalctl -u docker.service -n 50000 -o cat --no-pager 2>/dev/null |
  sed -n 's/^[^[]*\\[logterm: \\([0-9]*\\), index: \\([0-9]*\\).*/last \\1 \\2/p' | tail -n 1
`;

/** Looks at a manager's copy of the Swarm's state. @returns undefined when it has none. @param root the engine's data folder */
export async function lookAtRaft(machine: Machine, root: string): Promise<RaftEvidence | undefined> {
  return parseEvidence(await machine.run(["sh", "-c", LOOK, "sh", root]));
}

/** Reads what {@link LOOK} prints. Names are "TERM-INDEX.snap" and "NUMBER-INDEX.wal", in hexadecimal digits. */
export function parseEvidence(printed: string): RaftEvidence | undefined {
  const files = [...printed.matchAll(/^file [0-9a-f]{16}-([0-9a-f]{16})\.(?:wal|snap) (\d+(?:\.\d+)?)$/gm)];
  if (files.length === 0) return undefined;
  const last = /^last (\d+) (\d+)$/m.exec(printed);
  return {
    ...(last && { last: { term: Number(last[1]), index: Number(last[2]) } }),
    files: Math.max(...files.map(([, index]) => Number.parseInt(index!, 16))),
    written: Math.floor(Math.max(...files.map(([, , seconds]) => Number(seconds))) * 1000),
  };
}

/** By what several managers were compared, and the order: the most recent first. */
export interface Ranking<T> {
  readonly by: "the end of their logs" | "their files" | "the time of their last write";
  readonly order: readonly T[];
}

/**
 * Orders managers by how recent their state is. Only what all of them show is comparable: the end of the log if every one has
 * named it, else the indexes in the names of the files; where those are equal, the time of the last write decides.
 */
export function rank<T extends { readonly raft: RaftEvidence }>(managers: readonly T[]): Ranking<T> {
  const latest = (measure: (raft: RaftEvidence) => readonly number[]) =>
    [...managers].sort((a, b) => compareLists(measure(b.raft), measure(a.raft)));
  if (managers.every(({ raft }) => raft.last)) {
    return { by: "the end of their logs", order: latest(({ last, written }) => [last!.term, last!.index, written]) };
  }
  const differ = new Set(managers.map(({ raft }) => raft.files)).size > 1;
  return { by: differ ? "their files" : "the time of their last write", order: latest(({ files, written }) => [files, written]) };
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  for (const [at, value] of a.entries()) if (value !== b[at]) return value - b[at]!;
  return 0;
}

/** One line of what is known of a manager's state. */
export function evidenceText({ last, files, written }: RaftEvidence): string {
  const end = last ? `log ends at ${last.index} of term ${last.term}` : `files reach index ${files}`;
  return `${end}, last written ${new Date(written).toISOString().replace(/\.\d+Z$/, "Z")}`;
}
