import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { Component } from "../component";
import { LEAF_LIFE_HOURS, ROOT_LIFE_HOURS } from "./lives";

export interface AuthorityArgs {
  /** Common name of the root certificate; from the second generation on with its number. */
  commonName: string;
  /** Refuse to delete roots: everything that trusts one would have to be told anew. */
  protect: boolean;
  /** Which root signs, counted from 1. */
  generation: number;
  /** Hours before a leaf's end from which on an `up` renews it. */
  renewBefore: number;
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
  readonly expires: pulumi.Output<string>;
}

/** What people are told of a certificate. */
export interface CertificateNote {
  readonly name: string;
  readonly kind: "root" | "leaf";
  /** Date and time, RFC 3339. */
  readonly expires: pulumi.Output<string>;
}

interface Root {
  readonly key: tls.PrivateKey;
  readonly certificate: tls.SelfSignedCert;
}

/**
 * The platform's own certificate authority: an ECDSA root that lives in state, its key secret. A new generation is another root
 * beside the former ones, which sign nothing any more and which nobody is told to trust; they stay in state, as what is protected
 * cannot go in the same run.
 */
export class CertificateAuthority extends Component {
  /** PEM of the root, which engines and clients are to trust. */
  readonly certificate: pulumi.Output<string>;
  readonly certificates: readonly CertificateNote[];
  private readonly root: Root;

  constructor(
    name: string,
    private readonly args: AuthorityArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("CertificateAuthority", name, opts);
    const roots = Array.from({ length: args.generation }, (_, index) => this.generation(index + 1));
    this.root = roots.at(-1)!;
    this.certificate = this.root.certificate.certPem;
    this.certificates = [{ name: this.commonName(args.generation), kind: "root", expires: this.root.certificate.validityEndTime }];
    this.complete({ certificate: this.certificate });
  }

  private generation(number: number): Root {
    const { protect } = this.args;
    const prefix = number === 1 ? "" : `${number}-`;
    const key = new tls.PrivateKey(this.child(`${prefix}key`), { algorithm: "ECDSA", ecdsaCurve: "P256" }, this.under({ protect }));
    const certificate = new tls.SelfSignedCert(
      this.child(`${prefix}root`),
      {
        privateKeyPem: key.privateKeyPem,
        isCaCertificate: true,
        // It signs servers and no further authority: a stolen leaf, or one that was signed by mistake as an authority, signs nothing.
        maxPathLength: 0,
        setSubjectKeyId: true,
        subject: { commonName: this.commonName(number) },
        validityPeriodHours: ROOT_LIFE_HOURS,
        // By itself it never is: a root that is protected could not be replaced, and no `up` would go through any more.
        earlyRenewalHours: 0,
        allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
      },
      // A root of an earlier version is made without it, and stays: all who trust it would have to be told anew. The next generation has it.
      this.under({ protect, ignoreChanges: ["maxPathLength"] }),
    );
    return { key, certificate };
  }

  private commonName(generation: number): string {
    return generation === 1 ? this.args.commonName : `${this.args.commonName} G${generation}`;
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
        caPrivateKeyPem: this.root.key.privateKeyPem,
        caCertPem: this.certificate,
        validityPeriodHours: LEAF_LIFE_HOURS,
        earlyRenewalHours: this.args.renewBefore,
        allowedUses: ["digital_signature", "server_auth"],
      },
      this.under(),
    );
    return { certificate: signed.certPem, privateKey: pulumi.secret(key.privateKeyPem), expires: signed.validityEndTime };
  }
}
