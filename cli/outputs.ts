import * as z from "zod";

/** What the program tells about a stack that is up (its outputs); what it adds later does no harm. */
export const outputsSchema = z.object({
  hosts: z.array(z.object({ name: z.string(), address: z.string(), role: z.string() })).default([]),
  applications: z
    .array(
      z.object({
        name: z.string(),
        services: z.array(z.object({ name: z.string(), replicas: z.int().optional(), mode: z.string().optional() })).default([]),
        urls: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  registry: z.object({ address: z.string() }).optional(),
  networks: z.unknown().optional(),
  /** PEM of the authority that signed what the URLs answer with, where they are https. */
  certificateAuthority: z.string().optional(),
  /** Known holes of the engines, a line each. */
  engineHoles: z.array(z.string()).default([]),
  /** The platform's certificates and when they end. */
  certificates: z.array(z.object({ name: z.string(), kind: z.enum(["root", "leaf"]), expires: z.iso.datetime({ offset: true }) })).default([]),
});
export type Outputs = z.infer<typeof outputsSchema>;

/** Reads `pulumi stack output --json`. @throws Error that names the output whose shape is not the agreed one. */
export function parseOutputs(json: string): Outputs {
  const parsed = outputsSchema.safeParse(JSON.parse(json));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`The stack's output "${issue?.path.join(".")}" is not as expected: ${issue?.message}`);
}
