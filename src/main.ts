#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { run } from './cli/program.ts';

const { argv, env, stdin, stdout, stderr } = process;
const ended = new AbortController();
const hurried = new AbortController();
const isServer = argv[2] === 'serve';
// Only the server has anything to bring to an end; whatever else runs ends as a process does.
if (isServer) {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => (ended.signal.aborted ? hurried : ended).abort());
  }
}

// Of what thousands of files leave behind nearly all is garbage at once: a nursery that grows with it would take twice
// the memory, and no less time.
if (argv[2] === 'check') setFlagsFromString('--semi-space-growth-factor=1');

stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`| head`) closes the pipe: that is no failure. A server only loses its log, when the
  // disk is full too.
  if (isServer || error.code === 'EPIPE') return;
  stderr.write(`error: stdout cannot be written: ${error.message}\n`);
  process.exit(2);
});
// Where nothing can be told, the exit code still can.
stderr.on('error', () => {});

process.exitCode = await run(argv.slice(2), {
  stdin,
  stdout,
  stderr,
  env,
  color: stdout.isTTY === true && !env.NO_COLOR,
  signal: ended.signal,
  hurry: hurried.signal,
  now: new Date(),
});
