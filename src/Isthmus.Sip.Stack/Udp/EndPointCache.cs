// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>The endpoints seen lately, so that one object serves many datagrams of the same sender. Used by one thread.</summary>
internal sealed class EndPointCache
{
    private const int Entries = 1024;

    private readonly (byte[] Key, IPEndPoint EndPoint)[] _entries = new (byte[], IPEndPoint)[Entries];

    public IPEndPoint? Find(ReadOnlySpan<byte> native)
    {
        var hash = new HashCode();
        hash.AddBytes(native);
        ref var entry = ref _entries[(uint)hash.ToHashCode() % Entries];
        if (entry.Key is { } key && native.SequenceEqual(key))
        {
            return entry.EndPoint;
        }
        if (NativeEndPoint.Read(native) is not { } endPoint)
        {
            return null;
        }
        entry = (native.ToArray(), endPoint);
        return endPoint;
    }
}
