const LOOK_AGAIN_MS = 1

/** Resolves once a condition holds. That it does in the end is for the test's own time limit to see to. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
}
