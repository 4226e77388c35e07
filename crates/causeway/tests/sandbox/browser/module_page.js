// What a module draws works like a page, and reaches nothing around it.
'use strict';

const assert = require('node:assert/strict');
const { browse } = require('./browser.js');

browse(process.argv[2], async (page) => {
  await page.goto(new URL('/client/1/services/1', page.url()).href);
  const frame = page.frameLocator('iframe.module');
  await frame.locator('#region').filter({ hasText: 'eu' }).waitFor();
  await frame.locator('#said').filter({ hasText: 'hello was called' }).waitFor();
  await frame.locator('#who').filter({ hasText: 'who: ada@example.com' }).waitFor();
  assert.equal(await frame.locator('body').getAttribute('data-alone'), 'yes');
  assert.match(await page.title(), /^Service · Showcase <b>&<\/b> Sons/);
  await frame.getByRole('link', { name: 'Say hello' }).first().click();
  await frame.getByText('Action completed successfully.').waitFor();

  await page.goto(new URL('/client/1', page.url()).href);
  await page.getByText("WHMCS's own first page").click();
  await frame.getByText('Open panel').first().waitFor();

  await page.goto(new URL('/provider/services/1', page.url()).href);
  await frame.getByRole('textbox').fill('remember <this>');
  await frame.getByRole('button', { name: 'Save changes' }).click();
  await frame.getByText('Saved.').waitFor();
  assert.equal(await frame.getByRole('textbox').inputValue(), 'remember <this>');
}).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
