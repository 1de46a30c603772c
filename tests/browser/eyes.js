import AxeBuilder from '@axe-core/playwright';
import { expect } from './shop.js';

const rules = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
/** What a thumb hits without looking, in CSS pixels. */
const targetMin = 48;

/** Nothing that an automatic check of WCAG 2.2 AA finds. */
export async function expectAccessible(page) {
  // A colour that is still fading in is not the colour that is read.
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
  const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
  );
  expect(found).toEqual([]);
}

/** Whatever is touched is as large as a thumb. */
export async function expectLargeTargets(page) {
  const small = await page.evaluate((least) => {
    const targets = [...document.querySelectorAll('button, input, a[href], select')];
    const sizes = targets.map((target) => {
      const { width, height } = (target.closest('label.choice') ?? target).getBoundingClientRect();
      return { width, height, html: target.outerHTML.slice(0, 120) };
    });
    // Half a pixel is what rounding costs.
    return sizes.filter(({ width, height }) => width && Math.min(width, height) < least - 0.5);
  }, targetMin);
  expect(small).toEqual([]);
}
