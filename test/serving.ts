import { createInterface } from 'node:readline';

/** Where a server listens, as the log that it begins with tells. */
export async function serving(log: NodeJS.ReadableStream): Promise<{ webhook: string; metrics: string }> {
  for await (const line of createInterface({ input: log }))
    if (line.includes('"serving"')) return JSON.parse(line) as { webhook: string; metrics: string };
  throw new Error('it has ended without serving');
}
