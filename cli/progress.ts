import color from "picocolors";
import { formatDuration } from "./duration";
import { redraw, say } from "./terminal";

/** Shows several pieces of work that run side by side: one spinner line on a terminal, plain lines elsewhere. */
export interface Progress {
  /** A piece of work begins. */
  begin(title: string, estimate?: string): void;
  /** One line from inside it. */
  report(title: string, line: string): void;
  /** It ended well, or not. */
  end(title: string, failed?: boolean): void;
  /** Gives the terminal back. */
  close(): void;
}

/** How often a long piece of work says that it is alive where there is no terminal, in milliseconds. */
const HEARTBEAT_MS = 30_000;

interface Running {
  readonly since: number;
  line: string;
}

/** A display for standard error, so that standard output stays for what was asked for. */
export function createProgress(terminal: boolean = process.stderr.isTTY === true): Progress {
  const running = new Map<string, Running>();
  const show = terminal ? spinnerLine(running) : heartbeat(running);
  const print = (line: string) => show.above(() => say(line));
  return {
    begin(title, estimate) {
      running.set(title, { since: Date.now(), line: "" });
      print(`${color.cyan("›")} ${title}${estimate === undefined ? "" : color.dim(` (${estimate})`)}`);
    },
    report(title, line) {
      const work = running.get(title);
      if (work !== undefined) work.line = line;
    },
    end(title, failed = false) {
      const since = running.get(title)?.since ?? Date.now();
      running.delete(title);
      print(`${failed ? color.red("✘") : color.green("✔")} ${title} ${color.dim(formatDuration(Date.now() - since))}`);
    },
    close: () => show.close(),
  };
}

/** What the spinner line says: every running work with its elapsed time and last line, cut to the width of the terminal. */
export function runningText(running: ReadonlyMap<string, { since: number; line: string }>, now: number, width: number): string {
  const each = [...running].map(([title, work]) => {
    const text = work.line === "" ? title : `${shortTitle(title)}: ${work.line}`;
    return { time: formatDuration(now - work.since), text };
  });
  const room = Math.max(10, Math.floor((width - 4) / Math.max(1, each.length)) - 3);
  return each.map(({ time, text }) => `${cut(text, Math.max(6, room - time.length - 1))} ${time}`).join(" | ");
}

/** "Pulumi CLI 3.259.0" → "Pulumi CLI": what is needed to recognise it beside its progress. */
function shortTitle(title: string): string {
  return title.split(" ").slice(0, 2).join(" ");
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;

/** Own code, because nanospinner asks whether standard output is a terminal, and the spinner is on standard error. */
function spinnerLine(running: ReadonlyMap<string, Running>) {
  let frame = 0;
  const draw = () => {
    if (running.size === 0) return;
    const text = runningText(running, Date.now(), process.stderr.columns ?? 80);
    redraw(`${color.yellow(FRAMES[frame++ % FRAMES.length]!)} ${text}`);
  };
  const timer = setInterval(draw, FRAME_MS);
  return {
    above(write: () => void) {
      redraw("");
      write();
      draw();
    },
    close() {
      clearInterval(timer);
      redraw("");
    },
  };
}

function heartbeat(running: Map<string, Running>) {
  const timer = setInterval(() => {
    for (const [title, work] of running) {
      const line = work.line === "" ? "" : ` (${work.line})`;
      say(`  … ${title}, ${formatDuration(Date.now() - work.since)}${line}`);
    }
  }, HEARTBEAT_MS);
  timer.unref();
  return { above: (write: () => void) => write(), close: () => clearInterval(timer) };
}
