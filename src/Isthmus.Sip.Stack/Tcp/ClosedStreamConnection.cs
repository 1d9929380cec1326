// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>A connection that could not even be tried: no such source address, or no such version.</summary>
internal sealed class ClosedStreamConnection(IPEndPoint local, IPEndPoint remote) : IStreamConnection
{
    public IPEndPoint LocalEndPoint => local;

    public IPEndPoint RemoteEndPoint => remote;

    public bool Send(ReadOnlySpan<byte> bytes) => false;

    public void Close()
    {
    }

    public void Abort()
    {
    }

    public void Dispose()
    {
    }
}
