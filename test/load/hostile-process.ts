import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Habit, Hostile } from './hostile.ts';

/** As the parent process describes it; see hostile.ts. */
const [{ url, habit, senders, bytes }] = (await once(process, 'message')) as [Hostile];
const target = { host: '127.0.0.1', port: Number(new URL(url).port) };
const HEADERS = [
  'POST /validate/enforce?timeout=3s HTTP/1.1',
  'Host: localhost',
  'Content-Type: application/json',
  `Content-Length: ${bytes}`,
];
/** Between two connections of one sender: to do more would be to load the machine, not the server. */
const AGAIN_MS = 500;
const body = Buffer.alloc(bytes - 1, ' ');

const habits: Record<Habit, (socket: Socket) => Promise<void>> = {
  silent: async () => {},
  idle: async () => {},
  'slow-headers': async socket => {
    socket.write(`${HEADERS.join('\r\n')}\r\nX-Slow: `);
    await drip(socket);
  },
  'slow-body': async socket => {
    socket.write(`${HEADERS.join('\r\n')}\r\n\r\n`);
    await drip(socket);
  },
  withheld: async socket => {
    socket.write(`${HEADERS.join('\r\n')}\r\n\r\n`);
    socket.write(body);
  },
  renegotiating: async socket => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const again = () => {
      if (!(socket as TLSSocket).renegotiate({}, error => (error ? resolve() : again()))) resolve();
    };
    again();
    await promise;
  },
};

process.on('disconnect', () => process.exit());
for (let i = 0; i < senders; i++) misbehave();
await wait(1_000);
process.send?.('begun');

async function misbehave(): Promise<void> {
  for (;;) {
    const socket = open();
    socket.on('error', () => {});
    const closed = once(socket, 'close').catch(() => {});
    await Promise.race([once(socket, habit === 'silent' ? 'connect' : 'secureConnect'), closed]).catch(
      () => {},
    );
    if (!socket.destroyed) {
      socket.resume();
      await habits[habit](socket);
      await closed;
    }
    await wait(AGAIN_MS);
  }
}

function open(): Socket {
  if (habit === 'silent') return connectTcp(target);
  const version = habit === 'renegotiating' ? ({ maxVersion: 'TLSv1.2' } as const) : {};
  return connectTls({ ...target, ...version, rejectUnauthorized: false });
}

async function drip(socket: Socket): Promise<void> {
  while (!socket.destroyed) {
    socket.write('x');
    await wait(1_000);
  }
}
