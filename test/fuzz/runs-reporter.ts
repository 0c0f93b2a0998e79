import type { Reporter, TestModule } from 'vitest/node'

const MS_PER_SECOND = 1000

/** Prints how much was tried of each property, and with which seed, when all of it has been. */
export class RunsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules
      .flatMap((module) => [...module.children.allTests()])
      .flatMap((test) => {
        const { fuzz } = test.meta()
        if (fuzz === undefined) return []
        const { runs, seed, ms } = fuzz
        const verdict = test.result().state === 'passed' ? 'held' : 'FAILED'
        return `${verdict}  ${runs} runs in ${(ms / MS_PER_SECOND).toFixed(1)} s, seed ${seed}: ${test.name}\n`
      })
    process.stdout.write(`\n${lines.join('')}`)
  }
}
