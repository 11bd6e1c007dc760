import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type KubernetesVersion, parseVersion } from '../kubernetes/version.ts';
import { SEVERITIES } from '../model/rule.ts';
import type { CheckOptions } from './check.ts';
import { EXIT, type Io } from './io.ts';

const FORMATS = ['text', 'json'] as const;
export type Format = (typeof FORMATS)[number];

const DEFAULT_OUTPUT: CheckOptions['outputs'] = [{ format: 'text', file: undefined }];

/**
 * Runs one command line and tells the exit code: 0 nothing found, 1 findings, 2 could not check. Each command's
 * code is loaded when it is asked for, so that `check` never pays for the server.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code: number = EXIT.ok;
  const program = new Command('premortem')
    .description("Refuses the Kubernetes manifest that has already taken somebody's cluster down.")
    .exitOverride()
    .configureOutput({ writeOut: text => io.stdout.write(text), writeErr: text => io.stderr.write(text) })
    .configureHelp({ showGlobalOptions: false });

  program
    .command('check')
    .description('review manifests as if they were being applied')
    .argument('<path...>', 'files, folders, globs, or - for stdin')
    .addOption(outputOption())
    .addOption(failOnOption())
    .option('--before <path>', 'the previous revision: what would be dropped?')
    .option('--config <file>', 'premortem.yaml: severities, waivers and more; not looked for unless named')
    .addOption(versionOption())
    .option('--fix', 'apply the mechanical fixes to the files', false)
    .addOption(new Option('--show <what>', 'show what is hidden by default').choices(['notes']))
    .action(async (paths: string[], options: CheckFlags) => {
      const { check } = await import('./check.ts');
      code = await check(paths, checkOptions(options), io);
    });
  program
    .command('serve')
    .description('run the admission webhook')
    .option('--host <address>', 'address to listen on; all of them by default')
    .option('--port <port>', 'HTTPS port of the webhook', port, 8443)
    .option('--metrics-port <port>', 'HTTP port of /healthz, /readyz and /metrics', port, 8080)
    .option('--tls-cert-file <file>', 'certificate, PEM; re-read when it changes')
    .option('--tls-private-key-file <file>', 'its private key, PEM')
    .option('--own-ca', 'sign certificates with an authority kept in the cluster, and keep caBundle right')
    .option('--config <file>', 'premortem.yaml: severities, waivers and more; re-read when it changes')
    .option('--kubeconfig <file>', 'cluster to look things up in; by default the one that it runs in')
    .addOption(new Option('--log-level <level>').choices(['debug', 'info', 'warn', 'error']).default('info'))
    .action(async options => {
      const { serve } = await import('./serve.ts');
      code = await serve(options, io);
    });
  program
    .command('explain')
    .description('tell the story behind a rule: mechanism, bad and good example')
    .argument('<rule>', 'the id of a rule, or of a lesson (L36), which may be beyond the reach of any rule')
    .action(async (id: string) => {
      const { explain } = await import('./explain.ts');
      code = explain(id, io);
    });
  program
    .command('rules')
    .description('list the rules')
    .addOption(new Option('-o, --output <format>').choices(FORMATS).default('text'))
    .option('--config <file>', 'premortem.yaml: show the severities that it gives')
    .action(async ({ output, config }: { output: Format; config?: string }) => {
      const { listRules } = await import('./rules.ts');
      code = await listRules(output, config, io);
    });

  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.failed;
    // A fault of ours. The exit code must not be taken for findings.
    io.stderr.write(`premortem failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    return EXIT.failed;
  }
}

interface CheckFlags {
  output: CheckOptions['outputs'];
  failOn: CheckOptions['failOn'];
  before?: string;
  config?: string;
  kubernetesVersion?: KubernetesVersion;
  fix: boolean;
  show?: 'notes';
}

function checkOptions({
  output,
  show,
  before,
  config,
  kubernetesVersion,
  ...rest
}: CheckFlags): CheckOptions {
  return { ...rest, before, config, kubernetesVersion, outputs: output, showNotes: show === 'notes' };
}

function versionOption(): Option {
  return new Option(
    '--kubernetes-version <version>',
    'the version that the manifests are for, such as 1.29',
  ).argParser((text: string) => {
    const version = parseVersion(text);
    if (version === undefined)
      throw new InvalidArgumentError('A version of Kubernetes is written like 1.29 or v1.29.4.');
    return version;
  });
}

function outputOption(): Option {
  return new Option(
    '-o, --output <format[=file]>',
    `${FORMATS.join(' or ')}, to stdout or a file; repeatable`,
  )
    .default(DEFAULT_OUTPUT, 'text')
    .argParser((value: string, previous: CheckOptions['outputs']) => {
      const [format = '', file] = value.split(/=(.*)/s);
      if (!(FORMATS as readonly string[]).includes(format)) {
        throw new InvalidArgumentError(`Allowed formats are ${FORMATS.join(', ')}.`);
      }
      const given = previous === DEFAULT_OUTPUT ? [] : previous;
      return [...given, { format: format as Format, file }];
    });
}

function failOnOption(): Option {
  return new Option('--fail-on <severity>', 'exit 1 when there are new findings of this severity or worse')
    .choices([...SEVERITIES, 'never'])
    .default('deny');
}

function port(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 65535)
    throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return number;
}
