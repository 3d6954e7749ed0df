import * as z from "zod";
import { ContentSource, ExternalSource } from "../model";
import { fields, processVariable, text, texts } from "./values";

type Written = { file?: string; environment?: string; fromConfig?: string; content?: string; external?: string; name?: string; labels?: Record<string, string> };

const shared = {
  /** Path relative to the project's folder. */
  file: text("write the path of a file").optional(),
  /** Variable of the environment in which the program runs. */
  environment: processVariable.optional(),
  /** Key of the stack's configuration; set it with `pulumi config set --secret`. */
  fromConfig: text("write a key of the stack's configuration").optional(),
  /** Name of one that the Swarm has already. */
  external: text("write the name that it has in the Swarm").optional(),
  /** Beginning of its name in the Swarm, which a hash of the content follows. Default: STACK_name. */
  name: text("write a name").optional(),
  labels: texts("write a label").optional(),
};

/** Where a secret comes from. Its content is never written down here. */
export const secretSetting = sourced(fields(shared));
/** Where a config comes from; it may be written down here. */
export const configSetting = sourced(fields({ ...shared, content: text("write the content").optional() }));

const KINDS = ["file", "environment", "fromConfig", "content", "external"] as const;

function sourced<T extends z.ZodType<Written>>(schema: T) {
  return schema.transform((written, context) => {
    const given = KINDS.filter((kind) => written[kind] !== undefined);
    if (given.length !== 1) {
      const found = given.length === 0 ? "nothing of it" : given.join(" and ");
      context.addIssue({ code: "custom", message: `write where its content is: one of file, environment, fromConfig, external (a config: or content), not ${found}` });
      return z.NEVER;
    }
    const { name, labels } = written;
    return { source: sourceOf(written), ...(name !== undefined && { name }), ...(labels !== undefined && { labels }) };
  });
}

function sourceOf({ file, environment, fromConfig, content, external }: Written): ContentSource | ExternalSource {
  if (file !== undefined) return { kind: "file", path: file };
  if (environment !== undefined) return { kind: "environment", variable: environment };
  if (fromConfig !== undefined) return { kind: "fromConfig", key: fromConfig };
  if (content !== undefined) return { kind: "inline", content };
  return { kind: "external", name: external! };
}
