// From bytes to text as an XML file declares its encoding, and what of the text an editor drops.
import { words } from './words.js';

const MARKS = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
];

function encodingOf(bytes) {
  const mark = MARKS.find((one) => one.bytes.every((byte, index) => bytes[index] === byte));
  if (mark) return mark.encoding;
  const head = String.fromCharCode(...bytes.slice(0, 200));
  const declared = /^<\?xml[^>]*encoding=["']([^"']+)["']/.exec(head);
  return declared ? declared[1] : 'utf-8';
}

// Throws where the bytes are not what they declare to be: better than a diagram with wrong words.
export function decoded(buffer) {
  const bytes = new Uint8Array(buffer);
  return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
}

// moddle knows these by prefix; under the prefix of one of them another vocabulary is not read.
const PREFIXES = {
  camunda: 'http://camunda.org/schema/1.0/bpmn',
  bioc: 'http://bpmn.io/schema/bpmn/biocolor/1.0',
  color: 'http://www.omg.org/spec/BPMN/non-normative/color/1.0',
};

function strangers(xml) {
  const declared = [...xml.matchAll(/xmlns:(camunda|bioc|color)\s*=\s*["']([^"']*)["']/g)];
  return declared.filter(([, prefix, uri]) => PREFIXES[prefix] !== uri).map(([found]) => found);
}

// moddle drops these without a word; its warnings tell the rest.
export function silentLosses(xml) {
  const body = xml.replace(/^\s*<\?xml[^>]*\?>/, '').replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '');
  const comments = body.match(/<!--[\s\S]*?-->/g) || [];
  const instructions = body.match(/<\?[\s\S]*?\?>/g) || [];
  return [
    ...comments.map((found) => `${words.lost_comment} ${found.slice(0, 80)}`),
    ...instructions.map((found) => `${words.lost_instruction} ${found.slice(0, 80)}`),
    ...strangers(xml).map((found) => `${words.lost_vocabulary} ${found}`),
  ];
}
