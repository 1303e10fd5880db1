#!/usr/bin/env node
// For `npx llamaduct`: this package is the library, and people mean the proxy.
process.stderr.write(`llamaduct is the library. The proxy is another package:

  npx @llamaduct/proxy --config config.yaml

or, to have its command llamaduct for good: npm install -g @llamaduct/proxy
`);
process.exitCode = 1;
