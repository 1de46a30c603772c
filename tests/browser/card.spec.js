import { expectAccessible, expectLargeTargets } from './eyes.js';
import { catalogue, expect, nextCard, openTill, ringUp, test } from './shop.js';

/** The till with the terminal, with something on its order, and the card's dialog open. */
async function openCard(page) {
  await openTill(page, { terminal: 'T1' });
  const { shelf } = await catalogue();
  await ringUp(page, shelf[0].gtin);
  await expect(page.getByTestId('lines')).toContainText(shelf[0].name);
  await page.keyboard.press('F8');
  return shelf[0];
}

const askTerminal = (page) =>
  page.getByRole('button', { name: /^Ask the terminal for/ }).click();

test('the terminal is asked, and its yes is the payment', async ({ page }) => {
  await openCard(page);
  await expectAccessible(page);
  await expectLargeTargets(page);
  await nextCard('approve');
  await askTerminal(page);
  await expect(page.getByTestId('receipt')).toBeVisible({ timeout: 20_000 });
});

test('a refusal is said, and the order stays to be paid otherwise', async ({ page }) => {
  await openCard(page);
  await nextCard('decline');
  await askTerminal(page);
  await expect(page.getByText('The card was not charged.').first()).toBeVisible({ timeout: 20_000 });
  // Enter must not book what no card has paid.
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('receipt')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await page.keyboard.press('F9');
  await page.getByRole('button', { name: /^Exact/ }).click();
  await expect(page.getByTestId('receipt')).toBeVisible();
});

test('a customer who looks for the card is given up', async ({ page }) => {
  await openCard(page);
  await nextCard('dawdle');
  await askTerminal(page);
  const charge = page.getByTestId('charge');
  await expect(charge).toBeVisible();
  await expectAccessible(page);
  await charge.getByRole('button', { name: 'Give up' }).click();
  await expect(page.getByText('The payment was given up.').first()).toBeVisible({
    timeout: 20_000,
  });
  await page.keyboard.press('Escape');
  await page.keyboard.press('F9');
  await page.getByRole('button', { name: /^Exact/ }).click();
  await expect(page.getByTestId('receipt')).toBeVisible();
});
