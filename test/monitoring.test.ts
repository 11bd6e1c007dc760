import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { V1Deployment } from '@kubernetes/client-node';
import { load } from 'js-yaml';
import { Metrics } from '../src/webhook/metrics.ts';
import { apiServerMetrics } from './api-server-metrics.ts';
import { page } from './printed.ts';

const ROOT = join(import.meta.dirname, '..');
const MONITORING = join(ROOT, 'manifests/overlays/monitoring');

interface Alert {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; runbook: string };
}

interface Panel {
  id: number;
  title: string;
  description: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets: { expr: string }[];
}

function read<T>(file: string): T {
  return load(readFileSync(join(MONITORING, file), 'utf8')) as T;
}

const { spec } = read<{ spec: { groups: { rules: Alert[] }[] } }>('prometheus-rule.yaml');
const alerts = spec.groups.flatMap(group => group.rules);
const dashboard = JSON.parse(readFileSync(join(MONITORING, 'premortem.json'), 'utf8')) as { panels: Panel[] };
const expressions = [
  ...alerts.map(({ alert, expr }): [string, string] => [alert, expr]),
  ...dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }): [string, string] => [title, expr]),
  ),
];

/** The labels of each metric that there is. Prometheus itself adds those of the pod. */
const labelsOf = new Map(Object.entries(apiServerMetrics).map(([name, labels]) => [name, [...labels]]));
for (const { name, labelNames } of new Metrics().registry.getMetricsAsArray() as {
  name: string;
  labelNames?: string[];
}[])
  labelsOf.set(name, [...(labelNames ?? []), 'namespace', 'pod']);

const NAMED = /\b(?:premortem|apiserver|process|nodejs)_[a-z0-9_]+/g;

/** The metric that a name in an expression is of: a histogram has its parts. */
function metricOf(name: string): string | undefined {
  return [name, name.replace(/_(bucket|sum|count)$/, '')].find(one => labelsOf.has(one));
}

describe('the alerts, the dashboard and the page on operations', () => {
  const operations = page('operations.md');

  it('name no metric that does not exist', () => {
    for (const [where, text] of [...expressions, ['docs/operations.md', operations] as const]) {
      const names = text.match(NAMED) ?? [];
      assert.ok(names.length > 0, where);
      // The page greps for several by what they begin with.
      for (const name of names) assert.ok(metricOf(name) ?? text.includes(`^${name}(`), `${where}: ${name}`);
    }
  });

  it('select and group by labels that the metrics have', () => {
    for (const [where, expr] of expressions) {
      const metrics = (expr.match(NAMED) ?? []).map(name => labelsOf.get(metricOf(name) ?? '') ?? []);
      for (const [, name = '', selector = ''] of expr.matchAll(/\b([a-z_]+)\{([^}]*)\}/g))
        for (const [, label = ''] of selector.matchAll(/(\w+)(?:=~?|!=)"/g))
          assert.ok(labelsOf.get(metricOf(name) ?? '')?.includes(label), `${where}: ${name} has no ${label}`);
      for (const [, list = ''] of expr.matchAll(/\bby \(([^)]*)\)/g))
        for (const label of list.split(', '))
          assert.ok(label === 'le' || metrics.some(labels => labels.includes(label)), `${where}: ${label}`);
    }
  });

  it('select values that premortem gives', () => {
    const source = globSync('src/{webhook,model,engine}/*.ts', { cwd: ROOT })
      .map(file => readFileSync(join(ROOT, file), 'utf8'))
      .join('\n');
    for (const [where, expr] of expressions)
      for (const [, label, values = ''] of expr.matchAll(/\b(verdict|reason|action|mode)=~?"([^"]+)"/g))
        for (const value of values.split('|'))
          assert.ok(source.includes(`'${value}'`), `${where}: ${label} is never ${value}`);
  });

  it('close every bracket', () => {
    for (const [where, expr] of expressions) {
      const bare = expr.replaceAll(/"[^"]*"/g, '""');
      for (const [open, close] of ['()', '{}', '[]'].map(pair => [...pair] as [string, string]))
        assert.equal(bare.split(open).length, bare.split(close).length, where);
    }
  });

  it('have a section for every alert, in their order, and no other', () => {
    const sections = [...operations.matchAll(/^### (Premortem\w+)$/gm)].map(([, name]) => name);
    assert.deepEqual(
      sections,
      alerts.map(({ alert }) => alert),
    );
    for (const { alert, labels, annotations } of alerts) {
      assert.equal(annotations.runbook, `docs/operations.md#${alert.toLowerCase()}`);
      assert.match(annotations.summary, /^.{20,120}\.$/);
      assert.match(labels.severity, /^(critical|warning)$/);
    }
  });

  it('name every metric of ours in the page, with its labels', () => {
    for (const [name, labels] of labelsOf)
      if (name.startsWith('premortem_')) {
        const row = operations.split('\n').find(line => line.startsWith(`| \`${name}\` |`));
        const told = [...(row?.split('|')[2] ?? '').matchAll(/`(\w+)`/g)].map(([, label]) => label);
        assert.deepEqual([...told, 'namespace', 'pod'], labels, name);
      }
  });

  it('draw panels that do not overlap', () => {
    const { panels } = dashboard;
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`),
    );
    assert.equal(new Set(cells).size, cells.length);
    for (const { description, gridPos } of panels) {
      assert.match(description, /\.$/);
      assert.ok(gridPos.x + gridPos.w <= 24);
    }
  });

  it('collect from the port of the pods that has the metrics', () => {
    const { spec } = read<{
      spec: { selector: object; podMetricsEndpoints: { port: string; path: string }[] };
    }>('pod-monitor.yaml');
    const deployment = load(
      readFileSync(join(ROOT, 'manifests/base/30-deployment.yaml'), 'utf8'),
    ) as V1Deployment;
    assert.deepEqual(spec.selector, deployment.spec?.selector);
    const ports = deployment.spec?.template.spec?.containers[0]?.ports;
    for (const { port, path } of spec.podMetricsEndpoints) {
      assert.ok(ports?.some(({ name }) => name === port));
      assert.equal(path, '/metrics');
    }
  });
});
