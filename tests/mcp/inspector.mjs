// SPDX-License-Identifier: Apache-2.0
// inspector.mjs - the MCP Inspector's command line, a client with a parser of its own.
import { spawnSync } from 'node:child_process';
import { test, assert, done } from './tap.mjs';

const [, work, npm] = process.argv.slice(2);

function inspect(...args) {
  const run = spawnSync(process.execPath, [`${npm}/node_modules/.bin/mcp-inspector`, '--cli', `${work}/server`, ...args], { encoding: 'utf8', timeout: 60000 });
  return { status: run.status, out: run.stdout, err: run.stderr };
}

for (const era of ['legacy', 'modern']) {
  await test(`the Inspector lists the tools (${era})`, async () => {
    const run = inspect('--protocol-era', era, '--method', 'tools/list');
    assert.equal(run.status, 0, run.err);
    assert.match(run.out, /"grep"/);
  });
  await test(`the Inspector calls a tool (${era})`, async () => {
    const run = inspect('--protocol-era', era, '--method', 'tools/call', '--tool-name', 'grep', '--tool-args-json',
      JSON.stringify({ pattern: 'needle', path: '.' }), '--format', 'json');
    assert.equal(run.status, 0, run.err);
    assert.match(run.out, /needle in a haystack/);
  });
  await test(`the Inspector searches the store and gets a fence (${era})`, async () => {
    const run = inspect('--protocol-era', era, '--method', 'tools/call', '--tool-name', 'search', '--tool-args-json',
      JSON.stringify({ query: 'opening hours of the library' }), '--format', 'json');
    assert.equal(run.status, 0, run.err);
    assert.match(run.out, /cordon-data/);
  });
}
await test('the Inspector finds no fault in the schemas (--strict)', async () => {
  const run = inspect('--method', 'tools/list', '--strict');
  assert.equal(run.status, 0, run.out + run.err);
});
await test('an unknown tool ends the Inspector with its status for that', async () => {
  const run = inspect('--method', 'tools/call', '--tool-name', 'nope', '--tool-args-json', '{}');
  assert.equal(run.status, 5, run.out + run.err);
});
done();
