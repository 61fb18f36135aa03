// SPDX-License-Identifier: Apache-2.0
// tap.mjs - a test is a sentence and a function that throws when the sentence is not true.
import assert from 'node:assert/strict';

let count = 0;
let failed = 0;

export async function test(sentence, body) {
  count += 1;
  try {
    await body();
    console.log(`ok ${count} - ${sentence}`);
  } catch (error) {
    failed += 1;
    console.log(`not ok ${count} - ${sentence}`);
    for (const line of String(error.stack ?? error).split('\n')) console.log(`# ${line}`);
  }
}

export function done() {
  console.log(`1..${count}`);
  process.exit(failed ? 1 : 0);
}

export { assert };

export const FENCE = /<<<cordon-data ([0-9a-f]{32}) source="[^"\n]*" trust="untrusted" verdict="(clean|suspicious)">>>\n([^]*?)\n?<<<end cordon-data \1>>>/;

export function text(result) {
  return result.content.map((block) => block.text ?? '').join('\n');
}
