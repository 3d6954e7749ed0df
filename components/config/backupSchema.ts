import * as z from "zod";
import { defaults } from "./defaults";
import { duration, integer, text } from "./fields";

const PLACE = "write a mapping such as { directory: /backups } or { s3: { bucket: platform-backups } }";
const S3 = z.strictObject(
  {
    bucket: text("write the bucket's name", /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
    /** What the names of its objects begin with; the stack's name follows. */
    prefix: text('write a prefix without slashes at its ends, such as "dockyard"', /^[^/](.*[^/])?$/).optional(),
    /** Default: the environment's. */
    region: text("write the region's name").optional(),
    /** Of a service that is not AWS's. Default: AWS's own. */
    endpoint: text('write an address such as "https://s3.example.net"', /^https?:\/\/\S+$/).optional(),
  },
  "write a mapping with bucket",
);

/** Where `./dockyard backup` keeps its copies, and how long. */
export const Backup = z
  .strictObject(
    {
      /** Folder on the program's machine; the stack's name follows. */
      directory: text("write the path of a folder").optional(),
      s3: S3.optional(),
      /** How many backups stay. */
      keep: integer(1, 10_000).default(defaults.backup.keep),
      /** From what age on the last backup is too old. */
      maxAge: duration("1m", '"24h" or "168h"').default(defaults.backup.maxAge),
    },
    PLACE,
  )
  .prefault({});
