// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip.Stack;

namespace Isthmus.Testing;

internal sealed class MemoryListener(MemoryHost host, IPEndPoint local, IStreamAcceptor acceptor) : IStreamListener
{
    public IPEndPoint LocalEndPoint => local;

    public IStreamReceiver? Accept(MemoryConnection connection) => acceptor.Accepted(connection);

    public void Dispose() => host.Free(this);
}
