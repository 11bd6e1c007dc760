import { join } from 'node:path';
import type { HelmVersion } from './binaries.ts';
import type { Ran } from './command.ts';
import type { ControlPlane } from './control-plane.ts';
import { isRefused, passed } from './outcome.ts';
import { until } from './until.ts';

const CHARTS = join(import.meta.dirname, 'charts');

/** Values for a chart, as `--set` takes them. */
export type Values = Readonly<Record<string, string>>;

/** One release, and what can be done to it with one version of Helm. */
export class Release {
  readonly #cluster: ControlPlane;
  readonly #version: HelmVersion;
  readonly #name: string;
  readonly #namespace: string;
  readonly #driver: 'secret' | 'configmap';

  /** The namespace is where Helm stores the release, not where its objects go. */
  constructor(
    cluster: ControlPlane,
    version: HelmVersion,
    {
      name,
      namespace,
      driver = 'secret',
    }: { name: string; namespace: string; driver?: 'secret' | 'configmap' },
  ) {
    this.#cluster = cluster;
    this.#version = version;
    this.#name = name;
    this.#namespace = namespace;
    this.#driver = driver;
  }

  install(chart: string, values: Values = {}): Promise<Ran> {
    return this.#helm('install', this.#name, join(CHARTS, chart), ...flags(values));
  }

  upgrade(chart: string, values: Values = {}, ...args: string[]): Promise<Ran> {
    return this.#helm('upgrade', this.#name, join(CHARTS, chart), ...flags(values), ...args);
  }

  /** Upgrades as soon as premortem has seen what has just been annotated. */
  upgradeOnceAllowed(chart: string, values: Values): Promise<Ran> {
    return until('the upgrade is not refused', 20, async () => {
      const ran = await this.upgrade(chart, values);
      return !isRefused(ran) && ran;
    });
  }

  rollback(revision: number): Promise<Ran> {
    return this.#helm('rollback', this.#name, String(revision));
  }

  uninstall(): Promise<Ran> {
    return this.#helm('uninstall', this.#name);
  }

  /** `1 superseded`, `2 deployed`: every revision that is stored, whatever its status. */
  async revisions(): Promise<string[]> {
    const stored = await this.#cluster.list(`${this.#driver}s`, this.#namespace);
    const labels = stored.map(({ metadata }) => metadata?.labels ?? {});
    return labels
      .filter(({ owner, name }) => owner === 'helm' && name === this.#name)
      .map(({ version, status }) => `${version} ${status}`)
      .sort();
  }

  /** The revision that Helm itself calls deployed, and its chart. */
  async deployed(): Promise<{ revision: number; chart: string } | undefined> {
    const history = passed(await this.#helm('history', this.#name, '-o', 'json'));
    const revisions = JSON.parse(history) as { revision: number; status: string; chart: string }[];
    const last = revisions.find(({ status }) => status === 'deployed');
    return last && { revision: last.revision, chart: last.chart };
  }

  #helm(...args: string[]): Promise<Ran> {
    return this.#cluster.helm(this.#version, [...args, '-n', this.#namespace], this.#driver);
  }
}

function flags(values: Values): string[] {
  return Object.entries(values).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
}
