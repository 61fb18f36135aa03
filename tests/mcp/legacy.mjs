// SPDX-License-Identifier: Apache-2.0
// legacy.mjs - the SDK of the 2025 protocol versions.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { test, assert, done } from './tap.mjs';
import { common } from './suite.mjs';

const [cordon, work] = process.argv.slice(2);
const client = new Client({ name: 'cordon-test', version: '1.0.0' });
client.cancelArguments = (signal) => [undefined, { signal }];
const transport = new StdioClientTransport({
  command: cordon, args: ['mcp', '--config', `${work}/cordon.yaml`], env: process.env, stderr: 'inherit',
});
await test('the SDK client connects with initialize and agrees on 2025-11-25', async () => {
  await client.connect(transport);
  assert.equal(client.getServerVersion().name, 'cordon');
});
await test('ping is answered', async () => {
  await client.ping();
});
await common(client);
await test('the server ends when its input ends', async () => {
  const pid = transport.pid;
  await client.close();
  await new Promise((resolve) => setTimeout(resolve, 2500));
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});
done();
