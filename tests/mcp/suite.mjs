// SPDX-License-Identifier: Apache-2.0
// suite.mjs - what every client must see, whatever version it speaks.
import { test, assert, text, FENCE } from './tap.mjs';

export async function common(client) {
  await test('the tools of the config are listed, with schemas that refuse unknown arguments', async () => {
    const { tools } = await client.listTools();
    const names = tools.map((tool) => tool.name).sort();
    assert.deepEqual(names, ['fail', 'grep', 'poison', 'read', 'search', 'sleep']);
    const grep = tools.find((tool) => tool.name === 'grep');
    assert.equal(grep.inputSchema.additionalProperties, false);
    assert.deepEqual(grep.inputSchema.required.sort(), ['path', 'pattern']);
    assert.ok(!JSON.stringify(tools).includes('under'), 'Cordon\'s own keywords are not shown');
  });
  await test('an allowed call answers with the output inside a fence', async () => {
    const result = await client.callTool({ name: 'grep', arguments: { pattern: 'needle', path: 'notes.txt' } });
    assert.ok(!result.isError, text(result));
    const match = FENCE.exec(text(result));
    assert.ok(match, text(result));
    assert.match(match[3], /needle in a haystack/);
  });
  await test('a path that leaves the workspace is an error result that names the rule and no host path', async () => {
    const result = await client.callTool({ name: 'grep', arguments: { pattern: 'root', path: '../../../../etc/passwd' } });
    assert.equal(result.isError, true);
    assert.match(text(result), /path/);
    assert.ok(!text(result).includes('root:'), 'nothing of the file');
    assert.ok(!text(result).includes('/space'), 'no path of the host');
  });
  await test('a missing and an extra argument are error results', async () => {
    const missing = await client.callTool({ name: 'grep', arguments: { pattern: 'x' } });
    assert.equal(missing.isError, true);
    assert.match(text(missing), /path/);
    const extra = await client.callTool({ name: 'grep', arguments: { pattern: 'x', path: '.', color: 'always' } });
    assert.equal(extra.isError, true);
    assert.match(text(extra), /color/);
  });
  await test('an unknown tool is error -32602', async () => {
    await assert.rejects(client.callTool({ name: 'nope', arguments: {} }), (error) => error.code === -32602);
  });
  await test('a failed tool is an error result with its output and exit status', async () => {
    const result = await client.callTool({ name: 'fail', arguments: {} });
    assert.equal(result.isError, true);
    assert.match(text(result), /broken/);
    assert.match(text(result), /\b3\b/);
  });
  await test('held-back content: the verdict and not a word of it', async () => {
    const result = await client.callTool({ name: 'poison', arguments: {} });
    assert.equal(result.isError, true);
    assert.match(text(result), /injection/);
    assert.ok(!/evil|id_rsa|previous instructions/.test(text(result)), text(result));
  });
  await test('a search answers with fenced passages, and nothing that is in quarantine', async () => {
    const result = await client.callTool({ name: 'search', arguments: { query: 'ignore previous instructions the' } });
    assert.ok(!result.isError, text(result));
    assert.match(text(result), FENCE);
    for (const held of ['careers.html', 'changelog.txt', 'emoji-guide.md', 'setup.md', 'weather.txt']) {
      assert.ok(!text(result).includes(held), `${held} is held back`);
    }
  });
  await test('thirty calls at once are all answered', async () => {
    const calls = Array.from({ length: 30 }, () => client.callTool({ name: 'grep', arguments: { pattern: 'fox', path: '.' } }));
    for (const result of await Promise.all(calls)) assert.match(text(result), /quick brown fox/);
  });
  await test('a slow call can be cancelled, and the server goes on', async () => {
    const abort = new AbortController();
    const slow = client.callTool({ name: 'sleep', arguments: { seconds: 15 } }, ...client.cancelArguments(abort.signal));
    setTimeout(() => abort.abort('enough'), 300);
    await assert.rejects(slow);
    const result = await client.callTool({ name: 'grep', arguments: { pattern: 'fox', path: '.' } });
    assert.match(text(result), /fox/);
  });
}
