import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { ContentSource } from "./model";
import { ApplicationError } from "./problems";

/**
 * The content of a secret or config, from where the operator keeps it.
 * @param what "secret db-password of application demo", for messages; the content itself is in none
 * @throws ApplicationError when there is nothing at that place
 */
export function contentOf(source: ContentSource, what: string): pulumi.Output<string> {
  switch (source.kind) {
    case "file":
      return pulumi.output(fileContent(source.path, what));
    case "environment":
      return pulumi.output(variable(source.variable, what));
    case "fromConfig":
      return configured(source.key, what);
    case "inline":
      return pulumi.output(source.content);
  }
}

function fileContent(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ApplicationError(what, [`its file ${path} cannot be read (${(error as NodeJS.ErrnoException).code}); put it there, or name another`]);
  }
}

function variable(name: string, what: string): string {
  const value = process.env[name];
  if (value === undefined) throw new ApplicationError(what, [`the environment has no variable ${name}; set it for this command, or take the content from elsewhere`]);
  return value;
}

function configured(key: string, what: string): pulumi.Output<string> {
  const value = new pulumi.Config().getSecret(key);
  if (value === undefined) throw new ApplicationError(what, [`the stack's configuration has no key ${key}; set it with: pulumi config set --secret ${key}`]);
  return value;
}
