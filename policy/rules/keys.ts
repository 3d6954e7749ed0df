import { PRIVATE_KEY, type ResourceRule } from "./rule";

/** Inputs of the private key of @pulumi/tls, as far as rules look at them. */
interface PrivateKeyInputs {
  readonly algorithm?: string;
  readonly ecdsaCurve?: string;
}

/** At least 128 bits of security (NIST SP 800-57). */
const CURVES = ["P256", "P384", "P521"];

export const modernKeys: ResourceRule<PrivateKeyInputs> = {
  name: "modern-keys",
  description: "Private keys are ECDSA from P256 on, or ED25519: RSA of the same strength is many times as large and as slow, and P224, the curve that is taken when none is named, is too weak for a root that lives ten years.",
  level: "mandatory",
  types: [PRIVATE_KEY],
  *check({ algorithm = "", ecdsaCurve = "P224" }) {
    if (algorithm === "ED25519") return;
    if (algorithm !== "ECDSA") yield `algorithm: "${algorithm}" is not allowed; use ECDSA with ecdsaCurve P256, or ED25519`;
    else if (!CURVES.includes(ecdsaCurve)) yield `ecdsaCurve: ${ecdsaCurve} is not allowed; use ${CURVES.join(", ")}`;
  },
};
