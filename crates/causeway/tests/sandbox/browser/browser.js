// Chromium, without a window and without any network but the sandbox.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const axe = require('axe-core');
const { chromium } = require('playwright-core');

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const WIDE = { width: 1280, height: 860 };
const FEED_LOOKED_AT = ['fault', 'live'];
const NARROW = { width: 390, height: 844 };

/** Runs a story with a page of the sandbox; whatever the browser complains of makes it fail. */
async function browse(url, story) {
  const executablePath = process.env.CAUSEWAY_CHROMIUM || PROGRAMS.find((program) => fs.existsSync(program));
  assert.ok(executablePath, 'Chromium is missing: sudo apt-get install chromium, or set CAUSEWAY_CHROMIUM');
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  try {
    const context = await browser.newContext({ viewport: WIDE });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
    const complaints = [];
    await context.route('**/*', (route) => {
      const asked = route.request().url();
      if (asked.startsWith(url) || asked.startsWith('data:')) return route.continue();
      complaints.push(`asked for ${asked}`);
      return route.abort();
    });
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(url);
    await story(page);
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
  }
}

/** Takes pictures of the page, wide and narrow, into the folder that CAUSEWAY_SCREENSHOTS names; always checks that nothing sticks out and that it is accessible. */
async function picture(page, name, options = {}) {
  for (const [width, viewport] of [['wide', WIDE], ['narrow', NARROW]]) {
    await page.setViewportSize(viewport);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${name} is ${overflow} pixels too wide on ${viewport.width}`);
    const folder = process.env.CAUSEWAY_SCREENSHOTS;
    if (folder) {
      await page.waitForTimeout(400); // frames grow, new entries fade
      await page.screenshot({ path: path.join(folder, `${name}-${width}.png`), ...options });
    }
  }
  await page.setViewportSize(WIDE);
  await isAccessible(page, name);
}

/** Names, contrast, landmarks and the like, as far as a program can tell. */
async function isAccessible(page, name) {
  await page.evaluate(axe.source);
  // What happens is beside every page, and long.
  const exclude = FEED_LOOKED_AT.includes(name) ? [] : ['.feed-steps'];
  const { violations } = await page.evaluate((exclude) => window.axe.run({ exclude }, { iframes: false }), exclude);
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join('; ')}`);
  assert.deepEqual(told, [], name);
}

/** Goes with the tabulator to what has this accessible role and name, and nothing else but the keyboard. */
async function tabTo(page, role, name) {
  const wanted = page.getByRole(role, { name }).first();
  await wanted.waitFor();
  const target = await wanted.elementHandle();
  for (let presses = 0; presses < 200; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`the keyboard does not reach the ${role} ${name}`);
}

module.exports = { browse, picture, tabTo };
