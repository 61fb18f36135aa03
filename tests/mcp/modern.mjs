// SPDX-License-Identifier: Apache-2.0
// modern.mjs - the SDK of protocol version 2026-07-28: no initialize, each request carries its version.
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { test, assert, done } from './tap.mjs';
import { common } from './suite.mjs';

const [cordon, work] = process.argv.slice(2);

function connect(mode) {
  const client = new Client({ name: 'cordon-test', version: '1.0.0' }, { versionNegotiation: { mode } });
  client.cancelArguments = (signal) => [{ signal }];
  const transport = new StdioClientTransport({
    command: cordon, args: ['mcp', '--config', `${work}/cordon.yaml`], env: process.env, stderr: 'inherit',
  });
  return { client, transport };
}

const pinned = connect({ pin: '2026-07-28' });
await test('the SDK client connects by server/discover at exactly 2026-07-28', async () => {
  await pinned.client.connect(pinned.transport);
});
await common(pinned.client);
await pinned.client.close();

const auto = connect('auto');
await test('a client that probes finds the modern version', async () => {
  await auto.client.connect(auto.transport);
  const { tools } = await auto.client.listTools();
  assert.equal(tools.length, 6);
  await auto.client.close();
});
done();
