import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * What a hostile sender does with a connection, again as soon as it is taken away from it:
 * - `silent`: nothing, not even a handshake
 * - `idle`: a handshake and no more
 * - `slow-headers`: a byte of its headers a second
 * - `slow-body`: a byte of its body a second
 * - `withheld`: all of a body but its last byte
 * - `renegotiating`: handshakes over and over on one connection, by TLS 1.2
 */
export type Habit = 'silent' | 'idle' | 'slow-headers' | 'slow-body' | 'withheld' | 'renegotiating';

export interface Hostile {
  url: string;
  habit: Habit;
  senders: number;
  /** Of the body, where there is one. */
  bytes: number;
}

export interface RunningHostile {
  /** Ends them all, with their connections. */
  stop(): Promise<void>;
}

/** Sets hostile senders upon a server, from a process of their own. They have begun when the promise is kept. */
export async function attack(hostile: Hostile): Promise<RunningHostile> {
  const senders: ChildProcess = fork(new URL('./hostile-process.ts', import.meta.url), { execArgv: [] });
  senders.send(hostile);
  await once(senders, 'message');
  return {
    async stop() {
      const gone = once(senders, 'exit');
      senders.kill('SIGKILL');
      await gone;
    },
  };
}
