import { connect } from 'node:tls';

/** Long, since a busy moment says nothing about certificates. */
const DIAL_MS = 5_000;

/** Whether somebody who believes these authorities (PEM) would trust our server, or undefined if it was not told. */
export type Dial = (authorities: readonly string[]) => Promise<boolean | undefined>;

/** Calls a server as the API server does: under the name of the Service, believing nobody else. */
export function selfDial(url: string, servername: string): Dial {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return authorities =>
    new Promise(resolve => {
      const socket = connect(
        { host, port: Number(port), servername, ca: [...authorities], rejectUnauthorized: false },
        () => {
          resolve(socket.authorized);
          // In good order: a reset would be told as a failed handshake.
          socket.end();
        },
      );
      socket.setTimeout(DIAL_MS, () => socket.destroy());
      socket.on('error', () => socket.destroy());
      socket.on('close', () => resolve(undefined));
    });
}
