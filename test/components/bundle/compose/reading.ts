import { ComposeOptions, readCompose } from "../../../../components/bundle/compose/read";
import type { Service } from "../../../../components/bundle/model";
import { ApplicationError } from "../../../../components/bundle/problems";

/** What reading one file, `app/compose.yaml`, gives. */
export const read = (yaml: string, options?: ComposeOptions) => readCompose([{ path: "app/compose.yaml", text: yaml }], options);

/** A file with one service, `web`, of image `i`. */
export const withWeb = (body: string, rest = ""): string => `services: { web: { image: i, ${body} } }\n${rest}`;

/** The service `web` of such a file. */
export function web(body: string, rest = "", options?: ComposeOptions): Service {
  return read(withWeb(body, rest), options).application.services[0]!;
}

/** Everything that is wrong with a file. */
export function problemsOf(work: () => unknown): readonly string[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof ApplicationError) return error.problems;
    throw error;
  }
}
