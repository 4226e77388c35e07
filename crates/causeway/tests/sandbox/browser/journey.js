// A person's walk through the sandbox of examples/shieldpress.toml, from the first server to the cancellation.
'use strict';

const assert = require('node:assert/strict');
const { browse, picture, tabTo } = require('./browser.js');

const told = (page) => page.locator('main .told');
const says = async (page, text) => {
  await told(page).filter({ hasText: text }).waitFor();
};
const feed = (page) => page.locator('#feed');
const productPage = (page) => page.frameLocator('iframe.module');

async function addsServer(page) {
  await page.getByRole('link', { name: 'Servers' }).click();
  await picture(page, 'servers');
  await page.getByRole('button', { name: 'Add server' }).click();
  await page.getByRole('button', { name: 'Test Connection' }).click();
  await says(page, 'Connection successful.');
  await feed(page).locator('[data-kind=callback]').filter({ hasText: 'TestConnection' }).waitFor();
  await feed(page).locator('[data-kind=exchange]').filter({ hasText: 'GET /v1/account' }).waitFor();
}

async function createsProduct(page, name, price, plan) {
  await page.getByRole('navigation', { name: 'Provider' }).getByRole('link', { name: 'Products' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Price').fill(price);
  await page.getByRole('button', { name: 'Create product' }).click();
  await page.getByLabel('Plan').selectOption(plan);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await says(page, 'The module settings are saved.');
  assert.equal(await page.getByLabel('Plan').inputValue(), plan);
}

async function orders(page) {
  await page.getByRole('link', { name: 'Client', exact: true }).click();
  await picture(page, 'clients');
  await page.getByRole('link', { name: /Ada Lovelace/ }).click();
  await page.getByRole('navigation', { name: 'Client' }).getByRole('link', { name: 'Order' }).click();
  await page.getByRole('navigation', { name: 'Products' }).getByRole('link', { name: /ShieldPress Basic/ }).click();
  await page.getByLabel('Domain').fill('lovelace.example');
  await picture(page, 'order');
  await page.getByRole('button', { name: 'Place order' }).click();
  await says(page, 'Invoice 1 is to be paid.');
  await page.getByRole('button', { name: /^Pay/ }).click();
  await says(page, 'CreateAccount succeeded; the service is Active.');
}

async function copiesItsKey(page) {
  const button = productPage(page).getByRole('button', { name: 'Copy' });
  const key = await button.getAttribute('data-causeway-copy');
  assert.match(key, /^SP-/);
  await productPage(page).getByText(key).waitFor();
  await button.click();
  await productPage(page).getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), key);
  await picture(page, 'product-page');
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, 'product-page-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  return key;
}

/** The vendor acts on the next order, and does not answer. All of it by keyboard alone. */
async function ordersAgainWhileSomethingGoesWrong(page) {
  await page.getByText('Let something go wrong').focus();
  await page.keyboard.press('Enter');
  await tabTo(page, 'combobox', /Next time at/);
  await page.keyboard.type('create: create subscription');
  await tabTo(page, 'combobox', /this goes wrong/);
  await page.keyboard.type('the vendor acts, and no answer');
  await tabTo(page, 'button', 'Arm');
  await page.keyboard.press('Enter');
  await says(page, 'Armed: at the next create: create subscription (POST /services)');
  await tabTo(page, 'link', 'Order');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Order', exact: true }).waitFor();
  await tabTo(page, 'textbox', 'Domain');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('engines.example');
  await tabTo(page, 'button', 'Place order');
  await page.keyboard.press('Enter');
  await says(page, 'Invoice 2 is to be paid.');
  // Another window sees it under way.
  const beside = await page.context().newPage();
  await beside.goto(new URL('/live', page.url()).href);
  await tabTo(page, 'button', /^Pay/);
  await page.keyboard.press('Enter');
  await feed(beside).locator('[data-kind=exchange].bad').filter({ hasText: 'POST /v1/services' }).filter({ hasText: 'under way' }).waitFor();
  await beside.close();
  await says(page, 'CreateAccount succeeded; the service is Active.');
  const struck = feed(page).locator('[data-kind=exchange].bad').filter({ hasText: 'POST /v1/services' });
  await struck.filter({ hasText: 'fault: the vendor acts, and no answer ever comes' }).locator('summary').click();
  await struck.getByText('The vendor answered').waitFor();
  assert.match(await struck.getAttribute('class'), /within/);
  const before = await feed(page).locator('[data-kind=callback]').filter({ hasText: 'CreateAccount' }).first().evaluate((callback, exchange) => Boolean(callback.compareDocumentPosition(exchange) & Node.DOCUMENT_POSITION_FOLLOWING), await struck.elementHandle());
  assert.ok(before, 'the exchanges stand below the callback that sent them');
  await picture(page, 'fault');
  await page.getByRole('link', { name: 'Faults' }).click();
  await page.getByText('has struck').waitFor();
  await picture(page, 'faults');
}

/** One service for each order, at both sides. */
async function everythingEndedRight(page) {
  await page.getByRole('link', { name: 'Causeway sandbox' }).click();
  const vendor = page.locator('section').filter({ has: page.getByRole('heading', { name: 'What the vendor really has' }) });
  await vendor.getByRole('cell', { name: 'engines.example' }).waitFor();
  assert.equal(await vendor.getByRole('cell', { name: 'engines.example' }).count(), 1);
  assert.equal(await vendor.getByRole('cell', { name: 'lovelace.example' }).count(), 1);
  await picture(page, 'overview');
}

/** What has happened offers to go wrong the next time. */
async function armsWhatHasHappened(page) {
  const suspended = feed(page).locator('[data-kind=exchange]').filter({ hasText: 'POST /v1/services/2/suspend' });
  await suspended.locator('summary').click();
  await suspended.getByLabel('Next time').selectOption('server_error_after');
  await suspended.getByRole('button', { name: 'Arm' }).click();
  await says(page, 'Armed: at the next POST /services/*/suspend, 500 with JSON, although the vendor has acted.');
  await page.getByRole('link', { name: /^Faults/ }).click();
  await page.getByText('armed', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Disarm all' }).click();
  await says(page, 'Nothing is armed any more');
  await page.getByText('Nothing is armed.').waitFor();
}

async function seesStaffsPages(page) {
  await page.getByRole('navigation', { name: 'Provider' }).getByRole('link', { name: 'Services' }).click();
  await page.getByRole('cell', { name: 'engines.example' }).getByRole('link').click();
  await page.getByRole('button', { name: 'Suspend', exact: true }).click();
  await says(page, 'SuspendAccount succeeded; the service is Suspended.');
  const service = page.url();
  await armsWhatHasHappened(page);
  await page.goto(service);
  await page.getByRole('button', { name: 'Unsuspend' }).click();
  await says(page, 'UnsuspendAccount succeeded; the service is Active.');
  await page.getByRole('button', { name: 'Refresh from vendor' }).click();
  await says(page, 'succeeded');
  await picture(page, 'service');
  for (const name of ['Orders', 'Clients', 'Module queue', 'Module log', 'Activity log', 'E-mails']) {
    await page.getByRole('navigation', { name: 'Provider' }).getByRole('link', { name }).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    await picture(page, name.toLowerCase().replace(' ', '-'));
  }
}

async function upgrades(page) {
  await page.getByRole('link', { name: 'Client', exact: true }).click();
  await page.getByRole('link', { name: /Ada Lovelace/ }).click();
  await page.getByRole('link', { name: /lovelace.example/ }).click();
  await page.getByRole('button', { name: 'Upgrade' }).click();
  await says(page, 'The upgrade is ordered.');
  await page.getByRole('button', { name: /^Pay/ }).click();
  await says(page, 'ChangePackage succeeded');
  await page.getByRole('heading', { name: /ShieldPress Professional/, level: 1 }).waitFor();
}

async function signsOn(page) {
  await page.getByRole('button', { name: 'Log in to ShieldPress Security' }).click();
  await says(page, 'WHMCS would lead the browser to');
}

async function cancels(page) {
  await page.getByRole('button', { name: 'Request cancellation' }).click();
  await says(page, 'Cancellation is requested');
  await page.locator('.clock summary').click();
  await page.getByRole('button', { name: '1 day', exact: true }).click();
  await says(page, 'TerminateAccount succeeded; the service is Cancelled.');
  await page.getByRole('link', { name: 'Causeway sandbox' }).click();
  const vendor = page.locator('section').filter({ has: page.getByRole('heading', { name: 'What the vendor really has' }) });
  await vendor.getByRole('cell', { name: 'engines.example' }).waitFor();
  assert.equal(await vendor.getByRole('cell', { name: 'lovelace.example' }).count(), 0);
}

async function filtersWhatHappened(page) {
  await page.getByRole('link', { name: 'All', exact: true }).click();
  const exchanges = feed(page).locator('[data-kind=exchange]');
  await exchanges.first().waitFor();
  await picture(page, 'live');
  const silent = feed(page).locator('[data-kind=silent_hook]').filter({ hasText: 'PreModuleTerminate' }).first();
  assert.equal(await silent.isVisible(), false);
  await page.getByRole('checkbox', { name: 'Silent hooks' }).check({ force: true });
  assert.equal(await silent.isVisible(), true);
  await page.getByRole('checkbox', { name: 'Vendor' }).uncheck({ force: true });
  assert.equal(await exchanges.first().isVisible(), false);
  await page.getByRole('checkbox', { name: 'Vendor' }).check({ force: true });
  await page.getByRole('searchbox', { name: 'Filter by text' }).fill('TerminateAccount');
  assert.ok(await feed(page).locator('[data-kind=callback]').filter({ hasText: 'TerminateAccount' }).first().isVisible());
  assert.equal(await feed(page).locator('[data-kind=callback]').filter({ hasText: 'CreateAccount' }).first().isVisible(), false);
}

browse(process.argv[2], async (page) => {
  await picture(page, 'begin');
  await addsServer(page);
  await createsProduct(page, 'ShieldPress Basic', '10.00', 'basic');
  await picture(page, 'product');
  await createsProduct(page, 'ShieldPress Professional', '30.00', 'pro');
  await orders(page);
  await copiesItsKey(page);
  await ordersAgainWhileSomethingGoesWrong(page);
  await everythingEndedRight(page);
  await seesStaffsPages(page);
  await upgrades(page);
  await signsOn(page);
  await cancels(page);
  await filtersWhatHappened(page);
}).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
