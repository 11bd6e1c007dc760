import { flantSlowImage } from '../incidents/flant-slow-image.ts';
import { kindsOfKubelets, kubeletSettings } from '../kubernetes/kubelet-settings.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'serial-image-pulls',
  title: 'A node pulls one image after the other',
  severity: 'note',
  lessons: [flantSlowImage.lessons.othersWait],
  why:
    'With serializeImagePulls, the default, a kubelet pulls one image at a time. One large image, or one slow registry, ' +
    'holds up every other pod that was scheduled to the node, however small its own image is.',
  unless: 'the disks of the nodes bear no more than one pull, or something else sets it',
  kinds: kindsOfKubelets,
  *check({ object, kind }) {
    for (const settings of kubeletSettings(object, kind)) {
      const { serializeImagePulls: serial, maxParallelImagePulls: most } = settings.values;
      if (most === 1 && serial !== true) {
        yield {
          path: settings.pathOf('maxParallelImagePulls'),
          what: 'maxParallelImagePulls is 1, so a slow image holds up all others that the node needs',
          fix: () => `${settings.written('maxParallelImagePulls', 5).lines}    # for example`,
        };
      } else if (serial === true || (serial == null && most == null && settings.whole)) {
        const { lines, edits } = settings.written('serializeImagePulls', false);
        yield {
          path: settings.pathOf('serializeImagePulls'),
          what: `${settings.nameOf('serializeImagePulls')} is ${serial ? 'true' : 'left out, and true by default'}: a slow image holds up all others that the node needs`,
          fix: () =>
            `${lines}    # and maxParallelImagePulls: 5, for example, so that not all are pulled at once`,
          edits,
        };
      }
    }
  },
});
