import * as pulumi from "@pulumi/pulumi";
import { ApplicationError, BundleError } from "./bundle";
import { ConfigurationError } from "./config";
import { message, visible } from "../provider/visible";

/** Errors that are for the user to read; where in the program they came up is of no interest. */
const FOR_THE_USER = [ConfigurationError, ApplicationError, BundleError];

/** Runs the program; what is wrong with its input is shown as a message without a stack trace. */
export function visibly<T>(program: () => T): T {
  try {
    return program();
  } catch (error) {
    if (FOR_THE_USER.some((kind) => error instanceof kind)) throw new pulumi.RunError(message((error as Error).message));
    throw madeVisible(error);
  }
}

/** A defect is shown with its trace, which begins with its message, and with those of its causes; none of them is ours to trust. */
function madeVisible(error: unknown): unknown {
  if (!(error instanceof Error)) return visible(String(error));
  const { message: says, stack, cause } = error;
  error.message = message(says);
  if (stack !== undefined) error.stack = message(stack);
  if (cause instanceof Error) madeVisible(cause);
  return error;
}
