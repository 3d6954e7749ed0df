import { engineMessage } from "./swarmView";

/** Another hand changed the object between a look and an update; look again this many times. */
const ATTEMPTS = 6;

/** Looks and updates; once more, from the look on, while somebody else's update came in between. */
export async function inSequence<T>(lookAndUpdate: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await lookAndUpdate();
    } catch (error) {
      if (attempt === ATTEMPTS || !/update out of sequence/i.test(engineMessage(error))) throw error;
    }
  }
}
