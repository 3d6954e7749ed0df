const HEADER = 8;

/**
 * The lines of a log as the Docker API gives it: frames of an 8-byte header (stream, then length) and text, or plain
 * text when the container has a terminal.
 * @param log a Buffer; or whatever the client made of a log that happens to be JSON
 */
export function logLines(log: unknown): string[] {
  const text = Buffer.isBuffer(log) ? textOf(log) : typeof log === "string" ? log : JSON.stringify(log);
  return text.split(/\r?\n/).map((line) => line.trimEnd()).filter((line) => line !== "");
}

function textOf(log: Buffer): string {
  const parts: string[] = [];
  let place = 0;
  while (place + HEADER <= log.length) {
    const framed = log[place]! <= 2 && log.readUIntBE(place + 1, 3) === 0;
    if (!framed) return log.toString(); // a terminal's log has no frames
    const length = log.readUInt32BE(place + 4);
    parts.push(log.toString("utf8", place + HEADER, place + HEADER + length));
    place += HEADER + length;
  }
  return parts.length > 0 ? parts.join("") : log.toString();
}
