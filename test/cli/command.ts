import { Writable } from 'node:stream';
import { run } from '../../src/cli/program.ts';

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs one command line inside this process. */
export async function premortem(argv: readonly string[], stdin = ''): Promise<Outcome> {
  const [stdout, stderr] = [new Collector(), new Collector()];
  const code = await run(argv, {
    stdin: chunksOf(stdin),
    stdout,
    stderr,
    env: {},
    color: false,
    signal: new AbortController().signal,
    hurry: new AbortController().signal,
    now: new Date('2026-11-21T12:00:00Z'),
  });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

async function* chunksOf(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

class Collector extends Writable {
  text = '';

  override _write(chunk: Buffer | string, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}
