/** Prints rows under a title, columns aligned; the first row is the head. */
export function printTable(title: string, rows: readonly (readonly (string | number)[])[]): void {
  const text = rows.map(row => row.map(cell => (typeof cell === 'number' ? round(cell) : cell)));
  const widths = (text[0] ?? []).map((_, column) => Math.max(...text.map(row => (row[column] ?? '').length)));
  console.log(title);
  for (const row of text) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    console.log(`  ${cells.join('  ')}`);
  }
  console.log();
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function round(number: number): string {
  return Math.abs(number) >= 100 ? number.toFixed(0) : number.toFixed(2);
}
