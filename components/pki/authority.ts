import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { Component } from "../component";

export interface AuthorityArgs {
  /** Common name of the root certificate. */
  commonName: string;
  /** Refuse to delete the root: everything that trusts it would have to be told anew. */
  protect: boolean;
}

/** What a server certificate is good for. */
export interface LeafArgs {
  commonName: string;
  dnsNames: string[];
  ipAddresses?: string[];
}

export interface Leaf {
  readonly certificate: pulumi.Output<string>;
  /** Secret. */
  readonly privateKey: pulumi.Output<string>;
}

const YEAR = 365 * 24;
/** Hours. A leaf lives for 90 days, and an `up` within its last 30 renews it; the root lives for ten years. */
const ROOT_LIFE = 10 * YEAR;
const LEAF_LIFE = 90 * 24;
const LEAF_RENEWAL = 30 * 24;

/** The platform's own certificate authority: an ECDSA root that lives in state, its key secret. */
export class CertificateAuthority extends Component {
  /** PEM of the root, which engines and clients are to trust. */
  readonly certificate: pulumi.Output<string>;
  private readonly key: tls.PrivateKey;

  constructor(name: string, args: AuthorityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("CertificateAuthority", name, opts);
    const root = this.under({ protect: args.protect });
    this.key = new tls.PrivateKey(this.child("key"), { algorithm: "ECDSA", ecdsaCurve: "P256" }, root);
    const certificate = new tls.SelfSignedCert(
      this.child("root"),
      {
        privateKeyPem: this.key.privateKeyPem,
        isCaCertificate: true,
        setSubjectKeyId: true,
        subject: { commonName: args.commonName },
        validityPeriodHours: ROOT_LIFE,
        earlyRenewalHours: YEAR,
        allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
      },
      root,
    );
    this.certificate = certificate.certPem;
    this.complete({ certificate: this.certificate });
  }

  /** A server certificate of this authority, with a key of its own. */
  leaf(name: string, args: LeafArgs): Leaf {
    const key = new tls.PrivateKey(this.child(`${name}-key`), { algorithm: "ECDSA", ecdsaCurve: "P256" }, this.under());
    const request = new tls.CertRequest(
      this.child(`${name}-request`),
      { privateKeyPem: key.privateKeyPem, subject: { commonName: args.commonName }, dnsNames: args.dnsNames, ipAddresses: args.ipAddresses },
      this.under(),
    );
    const signed = new tls.LocallySignedCert(
      this.child(`${name}-certificate`),
      {
        certRequestPem: request.certRequestPem,
        caPrivateKeyPem: this.key.privateKeyPem,
        caCertPem: this.certificate,
        validityPeriodHours: LEAF_LIFE,
        earlyRenewalHours: LEAF_RENEWAL,
        allowedUses: ["digital_signature", "server_auth"],
      },
      this.under(),
    );
    return { certificate: signed.certPem, privateKey: pulumi.secret(key.privateKeyPem) };
  }
}
