import assert from 'node:assert/strict';
import { readObjects } from '../../src/intake/files.ts';

function told(file: string, text: string): string {
  return readObjects({ file, text })
    .errors.map(({ message }) => message)
    .join();
}

const guarded = (condition: string) =>
  `{{- if ${condition} }}\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n{{- end }}\n`;

describe('a file that is no manifest', () => {
  it('and is a Corefile goes by its ConfigMap', () => {
    const text = '.:53 {\n    forward . /etc/resolv.conf\n}\n';
    assert.match(told('dns/Corefile', text), /^this is a Corefile, not a manifest: check the ConfigMap/);
    assert.equal(told('dns/corefile.yaml', 'a: b'), '');
  });

  it('and is a Helm template has to be rendered', () => {
    assert.match(
      told('namespace.yaml', guarded('.Values.namespace')),
      /^this is a Helm template.*pipe `helm template` into/,
    );
  });

  it('and is a template that an upgrade renders otherwise has to be rendered as an upgrade, beside what runs', () => {
    for (const condition of [
      'not (lookup "v1" "Namespace" "" "shop")',
      '.Release.IsInstall',
      'and .Values.a .Release.IsUpgrade',
    ])
      assert.match(
        told('namespace.yaml', guarded(condition)),
        /--is-upgrade --dry-run=server` into `premortem check --before/,
        condition,
      );
    const quoted =
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: "{{ .Values.name }}"\ndata:\n  first: "{{ .Release.IsInstall }}"\n';
    assert.match(told('first.yaml', quoted), /--is-upgrade/);
  });
});
