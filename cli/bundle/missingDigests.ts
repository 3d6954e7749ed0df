import { UserError } from "../error";

export interface ImageUse {
  readonly service: string;
  readonly image: string;
  /** Its Compose file says how to build it. */
  readonly built: boolean;
}

/**
 * Which images have no digest, in the order and the words of `docker-compose bundle`: what is built must be pushed, by the name of
 * the image; the rest pulled, by the name of the service. Then why each has none, and what else helps.
 * @param missing by the image as written, why nothing pins it
 * @param compose the files, for the commands to run; undefined for a bundle, which nothing can be pulled for by service
 */
export function missingDigests(uses: readonly ImageUse[], missing: ReadonlyMap<string, string>, compose: readonly string[] | undefined): UserError {
  const affected = uses.filter(({ image }) => missing.has(image));
  const pushed = unique(affected.filter(({ built }) => built).map(({ image }) => image));
  const pulled = unique(affected.filter(({ built }) => !built).map(({ service }) => service));
  const files = (compose ?? []).map((path) => `-f ${path} `).join("");
  const imagesOf = (services: readonly string[]) => unique(affected.filter(({ service }) => services.includes(service)).map(({ image }) => image));
  const reasons = unique(affected.map(({ image }) => image)).map((image) => `    ${image}: ${missing.get(image)!}`);
  const paragraphs = [
    "Some images are missing digests, so nothing was written.",
    ...(pushed.length === 0 ? [] : ["The following images can be pushed:", indented(pushed), `Use ${pushed.map((image) => `\`docker push ${image}\``).join(", ")} to push them.`]),
    ...(pulled.length === 0
      ? []
      : [
          "The following images need to be pulled:",
          indented(pulled),
          compose === undefined
            ? `Use ${imagesOf(pulled).map((image) => `\`docker pull ${image}\``).join(", ")} to pull them.`
            : `Use \`docker compose ${files}pull ${pulled.join(" ")}\` to pull them.`,
        ]),
    `What was tried:\n\n${reasons.join("\n")}`,
  ];
  const first = affected[0]?.image ?? "IMAGE";
  return new UserError(paragraphs.join("\n\n"), `pull or push them, then repeat; or name archives (docker save, OCI layout): --archive ${first}=FILE`);
}

const unique = (items: readonly string[]): string[] => [...new Set(items)].sort();
const indented = (items: readonly string[]): string => items.map((item) => `    ${item}`).join("\n");
