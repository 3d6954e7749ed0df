import * as grpc from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { PartlyCreated } from "./resource";
import { message as visibleMessage } from "./visible";
import { toWire } from "./wire";

/** An error as gRPC carries it: the message alone, visible, no stack; a half-made resource with what is known of it. */
export function wireError(error: unknown, inputs: object): Partial<grpc.ServiceError> {
  const message = visibleMessage(error instanceof Error ? error.message : String(error));
  if (!(error instanceof PartlyCreated)) return { code: grpc.status.UNKNOWN, details: message, message };

  const detail = new ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(toWire(error.outputs));
  detail.setInputs(toWire(inputs));
  detail.setReasonsList([message]);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(message);
  status.addDetails(any);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: message, message, metadata };
}
