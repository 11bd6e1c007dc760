import { commandWords } from './command.ts';

/** Clients whose `-h` names the host that they ask; elsewhere it asks for help, or for readable figures. */
const ASK_WITH_H = new Set([
  'mariadb',
  'mariadb-admin',
  'mysql',
  'mysqladmin',
  'pg_isready',
  'psql',
  'redis-cli',
  'valkey-cli',
]);
const API_SERVER = 'the API server';

/** Does the name mean whoever asks? What a variable or a placeholder will hold cannot be told, and is taken for that. */
export function isLocalHost(host: string): boolean {
  return (
    !/^[a-z0-9.:[\]-]+$/i.test(host) ||
    /^(localhost(\.localdomain)?|127(\.\d+){1,3}|0\.0\.0\.0|\[?(::|::1)\]?)$/i.test(host)
  );
}

/**
 * Whom else a command asks, as far as that is written: the host of a URL or of a client's `--host`, `the API server`
 * behind kubectl. Undefined for a command that asks nobody, or its own container.
 */
export function remoteHost(command: readonly string[]): string | undefined {
  const words = commandWords(command);
  // curl: the host of the URL is not looked up then.
  if (words.some(word => /^--(abstract-)?unix-socket(=|$)/.test(word))) return undefined;
  const clientOfH = words.some(word => ASK_WITH_H.has(basename(word)));
  for (const [index, word] of words.entries()) {
    if (basename(word) === 'kubectl' || word.includes('KUBERNETES_SERVICE_HOST')) return API_SERVER;
    const host = hostOf(word, words[index - 1] ?? '', clientOfH);
    if (host === undefined || isLocalHost(host)) continue;
    return /^kubernetes\.default(\.|$)/.test(host) ? API_SERVER : host;
  }
  return undefined;
}

function hostOf(word: string, before: string, clientOfH: boolean): string | undefined {
  const bare = word.replaceAll(/["'`]/g, '');
  const url = /^[a-z][a-z0-9+.-]{1,20}:\/\/(?:[^@/\s]*@)?(\[[0-9a-f:]*\]|[^/:?#\s]*)/i.exec(bare);
  // A header tells of another address without asking there.
  if (url)
    return /^(-H|--header|-e|--referer|Referer:|Origin:)$/i.test(before.replaceAll(/["']/g, ''))
      ? ''
      : url[1];
  const option = /^--host=(.+)$/.exec(bare)?.[1] ?? (clientOfH ? /^-h(.+)$/.exec(bare)?.[1] : undefined);
  if (option !== undefined) return withoutPort(option);
  const named = before === '--host' || (clientOfH && before === '-h');
  return named && !bare.startsWith('-') ? withoutPort(bare) : undefined;
}

function withoutPort(host: string): string {
  return host.replace(/^([^:]+):\d+$/, '$1');
}

function basename(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1);
}
