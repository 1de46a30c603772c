import { atGate, coatTag, expect, storeUrl, test } from './shop.js';
import { expectAccessible, expectLargeTargets } from './eyes.js';

async function openGate(page, query = '') {
  await page.goto(`${storeUrl}/gate/?gate=gate1${query}`);
  await expect(page.getByTestId('line-live')).toBeVisible();
  await expect(page.getByTestId('quiet')).toBeVisible();
}

/** Serial numbers that alarmed of late do not alarm again. */
let serial = (Date.now() % 1_000_000) * 100;

test('a coat that was not paid for is shown until somebody went there', async ({ page }) => {
  await openGate(page);
  await expectAccessible(page);
  const piece = ++serial;
  await atGate(`exit ${coatTag(piece)}`);
  const alarm = page.getByTestId('alarm');
  await expect(alarm).toContainText('Winter coat', { timeout: 15_000 });
  await expect(alarm).toContainText(`Piece ${piece}`);
  await expectAccessible(page);
  await expectLargeTargets(page);
  await alarm.getByRole('button').click();
  await expect(page.getByTestId('quiet')).toBeVisible();
  await expect(page.getByTestId('events')).toContainText(`Piece ${piece}`);
  // What somebody saw to stays so, also on a screen that was loaded again.
  await page.reload();
  await expect(page.getByTestId('quiet')).toBeVisible();
  await expect(page.getByTestId('events')).toContainText(`Piece ${piece}`);
});

test('a gate that sees nothing never looks like a quiet one', async ({ page }) => {
  await openGate(page);
  await atGate('unplug');
  await expect(page.getByTestId('blind')).toContainText('The gate sees nothing.');
  await expectAccessible(page);
  await atGate('plug');
  await expect(page.getByTestId('quiet')).toBeVisible({ timeout: 15_000 });
  await expect(page.getByTestId('events')).toContainText('sees again');
});

test('the lamp can be tried, in German', async ({ page }) => {
  await openGate(page, '&lang=de');
  await page.getByRole('button', { name: 'Lampe prüfen' }).click();
  await expect(page.getByText('Die Lampe war eine Sekunde an.').first()).toBeVisible();
});
