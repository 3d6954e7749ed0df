/** Where backups are kept. */
export type Place =
  | { readonly kind: "directory"; readonly path: string }
  /** `prefix` without slashes at its ends, "" for none. `endpoint`: of a service that is not AWS's. */
  | { readonly kind: "s3"; readonly bucket: string; readonly prefix: string; readonly region?: string; readonly endpoint?: string };

/**
 * Reads what a user writes after `--to` or `--from`: a folder, or "s3://bucket/prefix".
 * @param known the place of the configuration: its region and endpoint hold for another bucket, too
 * @throws Error for an address that names no bucket
 */
export function parsePlace(text: string, known?: Place): Place {
  if (!text.startsWith("s3://")) {
    if (/^[a-z0-9]+:\/\//.test(text)) throw new Error(`"${text}" is no place for backups; write a folder, or s3://bucket/prefix`);
    return { kind: "directory", path: text };
  }
  const [, bucket, prefix = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(text) ?? [];
  if (bucket === undefined) throw new Error(`"${text}" names no bucket; write s3://bucket/prefix`);
  const { region, endpoint } = known?.kind === "s3" ? known : {};
  return { kind: "s3", bucket, prefix: prefix.replace(/^\/+|\/+$/g, ""), ...(region && { region }), ...(endpoint && { endpoint }) };
}

/** As the user would write it. */
export function placeText(place: Place): string {
  return place.kind === "directory" ? place.path : ["s3:/", place.bucket, place.prefix].filter(Boolean).join("/");
}
