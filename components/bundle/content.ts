import * as pulumi from "@pulumi/pulumi";
import { MAX_CONTENT_BYTES } from "./bounds";
import { BundleFolders, operatorsFile } from "./folders";
import type { ContentSource, FileContent, UnnamedSource } from "./model";
import { ApplicationError } from "./problems";
import { isReservedVariable, RESERVED_TEXT } from "./reservedVariables";

/**
 * The content of a secret or config, from where the operator keeps it.
 * @param what "secret db-password of application demo", for messages; the content itself is in none
 * @throws ApplicationError when there is nothing at that place
 */
export function contentOf(source: ContentSource | UnnamedSource, what: string): pulumi.Output<string> {
  switch (source.kind) {
    case "file":
      return pulumi.output(fileContent(source, what));
    case "environment":
      return pulumi.output(variable(source.variable, what));
    case "fromConfig":
      return configured(source.key, what);
    case "inline":
      return pulumi.output(source.content);
    case "unnamed":
      throw new ApplicationError(what, [`its content is the variable ${source.variable}, which the settings do not name`]);
  }
}

function fileContent({ path, within }: FileContent, what: string): string {
  const bytes = within === undefined ? operatorsFile(path, MAX_CONTENT_BYTES) : new BundleFolders(within).bytes(path, MAX_CONTENT_BYTES);
  if (bytes === undefined) throw new ApplicationError(what, [`its file ${path} cannot be read (ENOENT); put it there, or name another`]);
  return bytes.toString("utf8");
}

function variable(name: string, what: string): string {
  if (isReservedVariable(name)) throw new ApplicationError(what, [`its content is the variable ${name}, but ${RESERVED_TEXT}; take it from elsewhere`]);
  const value = process.env[name];
  if (value === undefined) throw new ApplicationError(what, [`the environment has no variable ${name}; set it for this command, or take the content from elsewhere`]);
  return value;
}

function configured(key: string, what: string): pulumi.Output<string> {
  const value = new pulumi.Config().getSecret(key);
  if (value === undefined) throw new ApplicationError(what, [`the stack's configuration has no key ${key}; set it with: pulumi config set --secret ${key}`]);
  return value;
}
