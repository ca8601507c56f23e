// SPDX-License-Identifier: BSD-2-Clause
// What validators in JavaScript say: see theirs.py, which is the same for
// Python. The argument is the folder in which npm put them.
'use strict';

const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');
const { pathToFileURL } = require('url');

const folder = path.resolve(process.argv[2]);
const from = createRequire(path.join(folder, 'theirs.js'));
const ibantools = from('ibantools');
const ifsc = from('ifsc');
const validator = from('validator');
const zengin = from('zengin-code');

const says = (is) => (value) => is(value) ? '+' : '-';

// From RS25-9177-5756-3183-1247-39 ibantools 4.5.4 does not return.
function iban(value) {
  if (!/^[0-9A-Za-z]*$/.test(value)) {
    return '-not asked';
  }
  const said = ibantools.validateIBAN(value);
  return said.valid ? '+' : '-' + said.errorCodes
    .map((code) => ibantools.ValidationErrorsIBAN[code]).join(' ');
}

function card(value) {
  const digits = value.replace(/[ -]/g, '');
  return digits.length >= 13 && digits.length <= 19 &&
    validator.isLuhnNumber(value) ? '-card' : '+';
}

const WHO = {
  iban: [['ibantools', iban], ['validator', says(validator.isIBAN)]],
  bic: [['ibantools', says(ibantools.isValidBIC)],
    ['validator', says(validator.isBIC)]],
  ifsc: [['ifsc', says(ifsc.validate)]],
  bank_jp: [['zengin-code', says((v) => Object.hasOwn(zengin, v))]],
  card: [['validator', card]],
  email: [['validator', says((v) => validator.isEmail(v,
    { allow_utf8_local_part: false }))]],
  domain: [['validator', says(validator.isFQDN)]],
  country: [['validator', says(validator.isISO31661Alpha2)]],
  currency: [['validator', says(validator.isISO4217)]],
};

const unescaped = (text) => text.includes('\\') ?
  text.replace(/\\(?:\\|u\{([0-9A-F]+)\})/g,
    (_, code) => code ? String.fromCodePoint(parseInt(code, 16)) : '\\') : text;

// It is a module of the newer kind, which `require` of Node 18 does not take.
async function addClabe() {
  const { clabe } = await import(pathToFileURL(
    path.join(folder, 'node_modules/clabe-validator/dist/clabe.js')));
  WHO.clabe = [['clabe-validator',
    says((value) => clabe.validate(value).valid.format)]];
}

addClabe().then(() => {
  const lines = fs.readFileSync(0, 'utf8').split('\n');
  lines.pop();
  fs.writeSync(1, lines.map((line) => {
    const tab = line.indexOf('\t');
    const value = unescaped(line.slice(tab + 1));
    const judges = WHO[line.slice(0, tab)] || [];
    return judges.map(([, judge]) => judge(value)).join('\t');
  }).join('\n') + '\n');
});
