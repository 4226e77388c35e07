// Parses every PHP file under the folders given as PHP 7.4, and fails on what 7.4 cannot read.
'use strict';

const fs = require('fs');
const path = require('path');

let Engine;
try {
  Engine = require('php-parser').Engine;
} catch (error) {
  console.error(`php-parser is not installed; run: npm ci --prefix ${__dirname}`);
  process.exit(2);
}

const parser = new Engine({ parser: { version: '7.4', extractDoc: true }, ast: { withPositions: true } });

// The parser lets these pass in every version; PHP 7.4 does not.
const NEWER_NODES = ['match', 'nullsafepropertylookup', 'namedargument', 'uniontype', 'intersectiontype', 'enum', 'attrgroup'];
const NEWER_FUNCTIONS = ['str_contains', 'str_starts_with', 'str_ends_with', 'get_debug_type', 'array_is_list', 'json_validate', 'mb_trim'];
const CLASS_NAMES = ['name', 'selfreference', 'parentreference', 'staticreference'];
const NEWER_TYPES = ['mixed', 'never', 'static', 'false', 'null'];

function problems(node, found) {
  if (node === null || typeof node !== 'object') {
    return found;
  }
  const line = node.loc ? node.loc.start.line : 0;
  if (NEWER_NODES.includes(node.kind) || (node.attrGroups && node.attrGroups.length > 0)) {
    found.push(`line ${line}: ${node.kind} is newer than PHP 7.4`);
  }
  if (node.kind === 'catch' && !node.variable) {
    found.push(`line ${line}: a catch without a variable is newer than PHP 7.4`);
  }
  if (node.kind === 'parameter' && (node.flags || node.readonly)) {
    found.push(`line ${line}: a promoted parameter is newer than PHP 7.4`);
  }
  if (node.kind === 'call' && node.what && NEWER_FUNCTIONS.includes(node.what.name)) {
    found.push(`line ${line}: ${node.what.name}() is newer than PHP 7.4`);
  }
  if (node.kind === 'staticlookup' && !CLASS_NAMES.includes(node.what.kind) && node.offset.name === 'class') {
    found.push(`line ${line}: ::class on a value is newer than PHP 7.4`);
  }
  if ((node.kind === 'property' && node.readonly) || (node.kind === 'class' && node.isReadonly)) {
    found.push(`line ${line}: readonly is newer than PHP 7.4`);
  }
  if (node.type && typeof node.type === 'object' && NEWER_TYPES.includes(node.type.raw || node.type.name)) {
    found.push(`line ${line}: the type ${node.type.raw || node.type.name} is newer than PHP 7.4`);
  }
  for (const key of Object.keys(node)) {
    if (key !== 'loc') {
      problems(node[key], found);
    }
  }
  return found;
}

function files(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    return entry.isDirectory() ? files(name) : name.endsWith('.php') ? [name] : [];
  });
}

let count = 0;
let failed = false;
for (const file of process.argv.slice(2).flatMap(files)) {
  count += 1;
  let found;
  try {
    found = problems(parser.parseCode(fs.readFileSync(file, 'utf8'), file), []);
  } catch (error) {
    found = [error.message];
  }
  for (const problem of found) {
    failed = true;
    console.error(`${file}: ${problem}`);
  }
}
if (count === 0) {
  console.error('no PHP file was given');
  process.exit(2);
}
console.log(`${count} files are PHP 7.4`);
process.exit(failed ? 1 : 0);
