import { readRecord } from "../../backup/record";
import { fetchPorts, portWorks } from "../answers";
import { recordText } from "../backup/text";
import { renderCredentials } from "../credentials/credential";
import { gatherCredentials } from "../credentials/gather";
import { stackExists, type StackPaths } from "../environment";
import { findPulumi } from "../../toolchain/pulumi";
import { attachPulumi } from "../pulumi";
import { renderStack } from "../report";
import { sourceConfiguration } from "../sourceConfiguration";
import { readOutputs } from "./up";
import { print } from "../terminal";

/**
 * What is up, as the last `up` recorded it, whether each URL answers now, and when credentials end; a host that does not answer
 * is only left out. @returns 0 when all do, 3 when one does not, 4 when nothing is up.
 */
export async function status(paths: StackPaths): Promise<number> {
  const pulumi = stackExists(paths) && (await findPulumi()) !== undefined ? await attachPulumi(paths) : undefined;
  const outputs = pulumi && (await readOutputs(pulumi));
  if (pulumi === undefined || outputs === undefined || outputs.hosts.length === 0) {
    print(`Stack ${paths.stack} is not up. Bring it up: ./dockyard up --stack ${paths.stack}`);
    return 4;
  }
  const urls = outputs.applications.flatMap((each) => each.urls);
  const [answers, credentials] = await Promise.all([fetchPorts(urls, outputs.certificateAuthority, 0), gatherCredentials(pulumi, outputs)]);
  const backups = recordText(readRecord(paths.directory, paths.stack), new Date(), maxAge(paths));
  print(`${renderStack(outputs, answers)}\n\n${renderCredentials(credentials, new Date())}\n\n${backups}`);
  return answers.every(portWorks) ? 0 : 3;
}

/** From what age on a backup is too old; undefined where the configuration cannot be read just now, which is not what was asked. */
function maxAge(paths: StackPaths): number | undefined {
  try {
    return sourceConfiguration(paths).backup.maxAge;
  } catch {
    return undefined;
  }
}
