import { expectAccessible, expectLargeTargets } from './eyes.js';
import { catalogue, expect, fireOrder, hqUrl, openTill, ringUp, storeUrl, test } from './shop.js';

const dialogOf = (page) => page.getByRole('dialog');

for (const colorScheme of ['light', 'dark']) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('the till and its dialogs', async ({ page }) => {
      const { shelf, weighed, chosen } = await catalogue();
      await openTill(page);
      await expectAccessible(page);
      await expectLargeTargets(page);
      await ringUp(page, shelf[0].gtin);
      await expect(page.getByTestId('lines')).toContainText(shelf[0].name);
      const asks = [weighed[0], chosen[0]]
        .filter(Boolean)
        .map((item) => () => ringUp(page, item.name));
      const keys = ['F4', 'F8', 'F9'].map((key) => () => page.keyboard.press(key));
      const buttons = ['Cancel this sale', /^Quantity of/, /Ready|a hand$/].map(
        (name) => () => page.getByRole('button', { name }).click(),
      );
      for (const open of [...asks, ...keys, ...buttons]) {
        await open();
        await expect(dialogOf(page)).toBeVisible();
        await expectAccessible(page);
        await expectLargeTargets(page);
        await page.keyboard.press('Escape');
        await expect(dialogOf(page)).toBeHidden();
      }
      await ringUp(page, '9506000199993');
      await expect(page.getByText('Nothing has this code.').last()).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press('F9');
      await page.getByRole('button', { name: /^Exact/ }).click();
      await expect(page.getByTestId('receipt')).toContainText(shelf[0].name.slice(0, 12));
      await expectAccessible(page);
      await expectLargeTargets(page);
    });

    test('the dashboard and its views', async ({ page }) => {
      for (const view of ['stores', 'sales', 'catalogue', 'conflicts']) {
        await page.goto(`${hqUrl}/dashboard/#${view}`);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await page.waitForLoadState('networkidle').catch(() => undefined);
        await expectAccessible(page);
      }
    });
  });
}

test('the kitchen and its dialog', async ({ page }) => {
  const { cooked } = await catalogue();
  expect(cooked, 'nothing in this catalogue is cooked').not.toHaveLength(0);
  await page.goto(`${storeUrl}/kitchen/?station=${cooked[0].station}`);
  await fireOrder(cooked[0]);
  await expect(page.getByTestId('tickets')).toContainText(cooked[0].name);
  await expectAccessible(page);
  await expectLargeTargets(page);
  // Thresholds of no minutes show the colours of slow and late tickets at once.
  for (const query of ['&slow=0&late=60', '&late=0']) {
    await page.goto(`${storeUrl}/kitchen/?station=${cooked[0].station}${query}`);
    await expect(page.getByTestId('tickets')).toContainText(cooked[0].name);
    await expectAccessible(page);
  }
  await page.keyboard.press('1');
  await page.keyboard.press('0');
  await expect(dialogOf(page)).toBeVisible();
  await expectAccessible(page);
  await expectLargeTargets(page);
});
