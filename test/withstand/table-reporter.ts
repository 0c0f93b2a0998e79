import type { Reporter, TestModule } from 'vitest/node'

/** Prints what was tried as one table, when all of it has been. */
export class TableReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tried = modules
      .flatMap((module) => [...module.children.allTests()])
      .flatMap((test) => {
        const { row } = test.meta()
        return row === undefined ? [] : [{ row, state: test.result().state }]
      })
      .sort((a, b) => a.row.number - b.row.number)
    const lines = tried.map(({ row, state }) => [
      String(row.number),
      row.what,
      row.absent !== undefined ? 'absent' : state === 'passed' ? 'held' : 'FAILED',
      row.figure ?? row.absent ?? '',
      row.limit ?? '',
      row.seed === undefined ? '' : String(row.seed),
    ])
    const count = (word: string) => lines.filter(([, , verdict]) => verdict === word).length
    process.stdout.write(`\n${layOut([['#', 'item', '', 'figure', 'limit', 'seed'], ...lines])}\n`)
    process.stdout.write(`${count('held')} held, ${count('FAILED')} failed, ${count('absent')} absent\n`)
  }
}

const layOut = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
