import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { message } from "./visible";

/** Lines for the user, in Pulumi's own display. */
export interface EngineLog {
  /** Progress; each line takes the place of the one before. */
  status(urn: string, message: string): void;
  /** A line that stays, beside the resource it is about. */
  info(urn: string, message: string): void;
  warn(urn: string, message: string): void;
}

/** A log without an engine, for a provider that was started by hand. */
export const silentLog: EngineLog = { status: () => undefined, info: () => undefined, warn: () => undefined };

/** The log of the engine at `address`; every line is made visible. Lost lines are no failure: the engine may be on its way out. */
export function engineLog(address: string): EngineLog {
  const engine = new EngineClient(address, grpc.credentials.createInsecure());
  const send = (severity: 1 | 2, ephemeral: boolean) => (urn: string, text: string) => {
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setMessage(message(text));
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    engine.log(request, () => undefined);
  };
  return { status: send(LogSeverity.INFO, true), info: send(LogSeverity.INFO, false), warn: send(LogSeverity.WARNING, false) };
}
